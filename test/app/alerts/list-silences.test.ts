import { expect, test } from '@jest/globals';
import { silencesOf } from '../../../src/app/alerts/list-silences.ts';
import { SILENCE_ANNOTATION } from '../../../src/core/record/silence.ts';
import { writeSilence } from '../../support/annotations.ts';
import { ago, ahead } from '../../support/journals.ts';
import { GOOD_KEY, SCOPE, stage } from '../../support/stage.ts';

const SILENCE = { owner: 'ada', reason: 'moving', until: ahead(1) };

test('silences are told while they last, with what is written in their place and silences nothing', async () => {
  const { ports, secret } = stage();
  const silenced = (text: string) => ({ annotations: { [SILENCE_ANNOTATION]: text } });
  await secret('heard', [GOOD_KEY]);
  await secret('over', [GOOD_KEY], silenced(writeSilence({ ...SILENCE, until: ago(1) })));
  const early = await secret('early', [GOOD_KEY], silenced(writeSilence(SILENCE)));
  const quiet = await secret('quiet', [GOOD_KEY], silenced(writeSilence(SILENCE)));
  const typo = await secret('typo', [GOOD_KEY], silenced('hush'));
  const apart = await secret('apart', [GOOD_KEY], silenced(writeSilence(SILENCE)));
  expect(await silencesOf(ports, { scopes: [SCOPE], concurrency: 2 })).toEqual({
    wide: [],
    silences: [
      { secret: apart, ...SILENCE },
      { secret: early, ...SILENCE },
      { secret: quiet, ...SILENCE },
      { secret: typo, problem: expect.stringContaining('it is not JSON of version 1') },
    ],
    problems: [],
  });
});

test('a secret that cannot be looked at is a problem', async () => {
  const { ports } = stage();
  const secrets = ['projects/demo-project/secrets/ghost'];
  expect(await silencesOf(ports, { scopes: [], secrets, concurrency: 2 })).toEqual({
    wide: [],
    silences: [],
    problems: [expect.stringMatching(/^projects\/demo-project\/secrets\/ghost: /)],
  });
});
