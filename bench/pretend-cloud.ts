/** A pretend cloud in a process of its own: `node pretend-cloud.ts <secrets>` prints its address, then serves until killed. */
import process from 'node:process';
import { startPretendCloud } from '../src/emulator/server/server.ts';
import { BENCH_PROJECT, secretIdOf } from './names.ts';

const count = Number(process.argv[2] ?? 1);
const cloud = await startPretendCloud();
const project = cloud.names.numberOf(BENCH_PROJECT);
for (let n = 0; n < count; n += 1) {
  const key = cloud.identities.keyString('auth');
  cloud.keyring.put(key, 'works', { project }, cloud.clock.now());
  cloud.secrets.seed({
    project: BENCH_PROJECT,
    secretId: secretIdOf(n),
    payloads: [key],
    labels: { 'key-warden': 'managed' },
    aliases: { current: 1 },
  });
}
process.stdout.write(`${cloud.url}\n`);
