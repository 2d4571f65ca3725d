import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { SHOWCASE_PROJECT, setUpShowcase } from '../../../src/emulator/showcase/showcase.ts';
import { shellOn } from './shell.ts';
import { settingsFor } from './stage.ts';

/** Somebody has an error on the screen and a key in Secret Manager, and has never heard of us. */
export async function newcomer(cloud: PretendCloud): Promise<string> {
  setUpShowcase(cloud);
  const project = cloud.names.numberOf(SHOWCASE_PROJECT);
  const key = cloud.identities.keyString('auth');
  const serviceAccountEmail = `my-app@${SHOWCASE_PROJECT}.iam.gserviceaccount.com`;
  cloud.keyring.put(key, 'works', { project, kind: 'auth', serviceAccountEmail }, cloud.clock.now() - 40 * 86_400_000);
  cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'my-app', payloads: [key] });
  const { tell, type, story } = shellOn(cloud, { environment: settingsFor(cloud), width: 100 });

  tell('My app prints an error. I ask what it means, without an account and without a network.');
  await type('key-warden explain "400 API key not valid. Please pass a valid API key."');
  tell('I can type what I remember.');
  await type('key-warden chekc', 2);
  tell('I start the pretend cloud in another terminal, set what it prints, and ask about one secret of it.');
  await type('key-warden check echoed-key', 1);
  tell(
    'So it reads keys and asks Google. Mine is in Secret Manager too, and nothing looks after it. What would change?',
  );
  await type('key-warden init my-app --dry-run');
  await type('key-warden init my-app');
  await type('key-warden check my-app');
  tell('What would a rotation do to my app?');
  await type('key-warden rotate my-app --dry-run');
  await type('key-warden rotate my-app');
  tell('Fresh keys are refused for a minute. Two minutes later I let it go on; the worker does that by itself.');
  await cloud.advance(120_000);
  await type('key-warden resume my-app');
  await type('key-warden status my-app', 3);
  tell(
    'It is `unchecked`: what I check by hand leaves no record, and the worker of this cloud does not run. I have changed my mind: back to the old key.',
  );
  await type('key-warden rollback my-app');
  await type('key-warden history my-app');
  return story();
}
