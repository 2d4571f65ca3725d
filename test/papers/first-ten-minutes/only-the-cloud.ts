import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { setUpShowcase } from '../../../src/emulator/showcase/showcase.ts';
import { shellOn } from './shell.ts';

const AT = 'http://127.0.0.1:8085';

/** Somebody tests code of their own that calls Secret Manager and Gemini, and wants nothing else of us. */
export async function onlyTheCloud(cloud: PretendCloud): Promise<string> {
  setUpShowcase(cloud);
  const { tell, type, story } = shellOn(cloud, { environment: {}, width: 100 });

  tell('I need Secret Manager and Gemini in my tests, without a project.');
  await type('key-warden emulator');
  tell('For a script, its address as JSON.');
  await type('key-warden emulator --json 2> /dev/null');
  tell('What my code does: it reads the secret, and sends a request with the key. It speaks REST as Google does.');
  await type(`curl -s ${AT}/v1/projects/demo-project/secrets/search-app`);
  await type(
    `curl -s ${AT}/v1beta/models/gemini-2.5-flash:generateContent -H 'x-goog-api-key: no-key' -H 'content-type: application/json' -d '{"contents":[{"parts":[{"text":"hello"}]}]}'`,
  );
  tell('What does my code do when Gemini is overloaded, and when an hour passes?');
  await type(`curl -s ${AT}/_emulator/faults -d '{"match":{"service":"gemini"},"times":3,"status":503}'`);
  await type(`curl -s ${AT}/v1beta/models -H 'x-goog-api-key: no-key'`);
  await type(`curl -s ${AT}/_emulator/clock -d '{"advanceSeconds":3600}'`);
  tell('In tests of my own I start it in the process: [`startPretendCloud()`](../emulator.md).');
  return story();
}
