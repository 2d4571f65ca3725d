import { SHOWCASE_PROJECT } from '../../../src/emulator/showcase/showcase.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { shellOn } from './shell.ts';
import { settingsFor, workerLooked } from './stage.ts';

const TOPIC = `projects/${SHOWCASE_PROJECT}/topics/alerts`;
const DAY_MS = 86_400_000;
const SECRETS = 140;
/** Of so many keys somebody deleted one. */
const DELETED_EVERY = 20;

/** Somebody looks after the keys of twenty teams. */
export async function platform(cloud: PretendCloud): Promise<string> {
  cloud.names.add(SHOWCASE_PROJECT);
  for (let at = 0; at < SECRETS; at += 1) seeded(cloud, at);
  cloud.pubsub.store.createTopic({ name: TOPIC, labels: {} });
  const environment = { ...settingsFor(cloud), KEY_WARDEN_ALERT_TOPIC: TOPIC, KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0' };
  const { tell, type, story } = shellOn(cloud, { environment, width: 100 });

  tell('140 secrets of twenty teams, none of them under care. One team first, and dry.');
  await type('key-warden init --filter labels.team=team-07 --dry-run', 1);
  await type('key-warden init --filter labels.team=team-07', 1);
  tell('Now all of them, and I only want to see what needs a look.');
  await type('key-warden init --filter labels.kind=gemini --quiet | head -9', 1);
  tell('What is wrong with them, each trouble once?');
  await type('key-warden check --quiet', 1);
  tell('In a script I want the exit code and one line.');
  await type('key-warden check --quiet | head -1', 1);
  tell('The worker is deployed, and has looked since.');
  const worker = shellOn(cloud, { environment, width: 100 });
  for (let run = 0; run < 3; run += 1) {
    await cloud.advance(10 * 60_000);
    await worker.type('key-warden check --record --quiet', 1);
  }
  workerLooked(cloud, SECRETS);
  await cloud.advance(5 * 60_000);
  await type('key-warden status --failing | head -8', 1);
  await type('key-warden status --due 30d --csv 2> /dev/null | head -3', 1);
  tell(
    'Which secrets hold a key that somebody posted in a chat? And is the alert pipeline of mine any good on a bad day?',
  );
  const [posted] = cloud.keyring.all();
  await type(`printf %s '${posted?.keyString ?? ''}' | key-warden find team-01-key-1 team-02-key-2 --from-stdin`);
  await type('key-warden drill leak', 1);
  return story().replaceAll(posted?.keyString ?? 'none', '$KEY');
}

function seeded(cloud: PretendCloud, at: number): void {
  const project = cloud.names.numberOf(SHOWCASE_PROJECT);
  const [team, number] = [String(Math.floor(at / 7) + 1).padStart(2, '0'), (at % 7) + 1];
  const key = cloud.identities.keyString('auth');
  const madeAt = cloud.clock.now() - (10 + (at % 80)) * DAY_MS;
  const serviceAccountEmail = `team-${team}@${SHOWCASE_PROJECT}.iam.gserviceaccount.com`;
  const { uid } = cloud.keyring.put(key, 'works', { project, kind: 'auth', serviceAccountEmail }, madeAt);
  if (at % DELETED_EVERY === 3) cloud.keyring.change(uid, { deletedAt: cloud.clock.now() - DAY_MS }, madeAt);
  cloud.secrets.seed({
    project: SHOWCASE_PROJECT,
    secretId: `team-${team}-key-${number}`,
    payloads: [key],
    labels: { kind: 'gemini', team: `team-${team}` },
  });
}
