/**
 * `npm run clients [python node go java gcloud]`: installs Google's own clients into a folder of its own, runs each against a
 * fresh pretend cloud and prints how much passed. A tool that is missing is said loudly, and makes it end with 1.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startGrpcDoor } from '../../src/emulator/server/grpc.ts';
import { ended, installed, type Toolchain } from './toolchain.ts';
import { pretendCloud } from '../support/cloud.ts';

interface Walk extends Toolchain {
  readonly run: (http: string, grpc: string) => readonly string[];
}

const WALKS: Readonly<Record<string, Walk>> = {
  python: {
    tool: 'python3',
    install: [
      ['python3', '-m', 'venv', 'venv'],
      ['venv/bin/pip', 'install', '--quiet', '--requirement', 'requirements.txt'],
    ],
    run: (http, grpc) => ['venv/bin/python', 'walk.py', http, grpc],
  },
  node: {
    tool: 'npm',
    install: [['npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts']],
    run: (http, grpc) => [process.execPath, 'walk.js', http, grpc],
  },
  go: {
    tool: 'go',
    install: [['go', 'build', '-o', 'walk', '.']],
    run: (http, grpc) => ['./walk', http, grpc],
  },
  java: {
    tool: 'mvn',
    install: [['mvn', '--quiet', '--batch-mode', 'compile']],
    run: (http, grpc) => ['mvn', '--quiet', '--batch-mode', 'exec:java', `-Dexec.args=${http} ${grpc}`],
  },
  gcloud: {
    tool: 'gcloud',
    install: [],
    run: (http) => ['bash', 'walk.sh', http],
  },
};

const here = fileURLToPath(new URL('.', import.meta.url));
const workshop = join(tmpdir(), 'key-warden-clients');
const asked = process.argv.slice(2);
const outcomes: boolean[] = [];

for (const [language, walk] of Object.entries(WALKS)) {
  if (asked.length > 0 && !asked.includes(language)) continue;
  outcomes.push(await walked(language, walk));
}
const failed = outcomes.filter((passed) => !passed).length;
process.stdout.write(`clients: ${outcomes.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

async function walked(language: string, { run, ...toolchain }: Walk): Promise<boolean> {
  const folder = await installed(language, join(here, language), join(workshop, language), toolchain);
  if (folder === undefined) return false;
  const cloud = await pretendCloud({ tickMs: 500 });
  const door = await startGrpcDoor({ behind: () => cloud, port: 0 });
  const passed = await ended(folder, run(cloud.url, `127.0.0.1:${door.port}`));
  if (!passed) process.stdout.write(`${language}: FAILED\n`);
  door.close();
  await cloud.close();
  return passed;
}
