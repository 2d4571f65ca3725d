import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { SHOWCASE_PROJECT, setUpShowcase } from '../../../src/emulator/showcase/showcase.ts';
import { shellOn } from './shell.ts';
import { settingsFor, workerLooked } from './stage.ts';

const TOPIC = `projects/${SHOWCASE_PROJECT}/topics/alerts`;
const MINUTE_MS = 60_000;

/** Somebody is woken, has a telephone's width, and did not set any of this up. */
export async function onCall(cloud: PretendCloud): Promise<string> {
  cloud.pubsub.store.createTopic({ name: TOPIC, labels: {} });
  const showcase = setUpShowcase(cloud);
  const environment = {
    ...settingsFor(cloud),
    KEY_WARDEN_ALERT_TOPIC: TOPIC,
    KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
  };
  // the worker, before and after the key leaked
  const worker = shellOn(cloud, { environment, width: 100 });
  await worker.type('key-warden check --record --quiet', 1);
  showcase.turn('search-app', 'leaked');
  await cloud.advance(10 * MINUTE_MS);
  await worker.type('key-warden check --record --quiet', 1);
  workerLooked(cloud, 6);
  await cloud.advance(5 * MINUTE_MS);
  const { tell, type, story } = shellOn(cloud, { environment, width: 60 });

  tell('An alert woke me: `search-app · the key was reported as leaked`, and a command. First: what is on record?');
  await type('key-warden status --failing', 1);
  tell('I read what the alert is about before I do anything.');
  await type('key-warden runbook key_leaked | head -16');
  await type('key-warden rotate search-app --emergency --dry-run');
  tell('Consumers get a new key, and the leaked one goes. I do it, and stay.');
  await type('key-warden rotate search-app --emergency --wait');
  await type('key-warden check search-app');
  tell('Is the leaked key dead? In half an hour that can be proven; the worker looks by itself.');
  await type('key-warden status search-app', 5);
  for (let run = 0; run < 3; run += 1) {
    await cloud.advance(40 * MINUTE_MS);
    await worker.type('key-warden check --record --quiet', 1);
    await worker.type('key-warden purge --quiet');
  }
  tell('Two hours later:');
  await type('key-warden history search-app');
  tell('The other one is known, and its team sleeps: quiet until the morning.');
  await type('key-warden silence old-app --until 5h --reason "its team looks at nine"');
  return story();
}
