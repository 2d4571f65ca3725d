import { expect, test } from '@jest/globals';
import { eventOf } from '../../../src/core/alerts/event/event.ts';
import { NOTICE_TYPES, type Notice, type NoticeType } from '../../../src/core/alerts/notice.ts';
import { ORIGIN } from '../../support/notices.ts';
import { gcloud } from './gcloud.ts';
import { SCENES, type Scene } from './scenes.ts';
import { filledIn, SECRET, standIn, wordsOf, type Stand } from './stand.ts';

/** Commands that stand among the words of an event. */
function commandsIn(words = ''): readonly string[] {
  return (words.match(/(?:key-warden|gcloud) [a-z-]+(?: (?:--?[\w-]+(?:[= ][^\s-]\S*)?|[a-z-]+|\d+))*/g) ?? []).map(
    (line) => line.replace(/[.,:;)`]+$/, ''),
  );
}

/** How a line ends that is typed as it is printed, what only a person knows filled in. */
async function ends(on: Stand, line: string): Promise<number> {
  const { words } = wordsOf(line);
  const [program = '', ...rest] = words.map((word) => filledIn(on, word));
  if (program !== 'gcloud') return (await on.type(rest)).code;
  await gcloud(on, rest);
  return 0;
}

const scenes = NOTICE_TYPES.flatMap((type) =>
  SCENES[type].map((scene): readonly [NoticeType, string, Scene] => [type, scene.when, scene]),
);

test.each(scenes)('%s, %s: each command is typed in the state that it is told of', async (type, _, scene) => {
  await using on = await standIn(scene.trouble ?? {});
  const told: readonly Notice[] = await scene.tell(on);
  const notice = told.find((one) => one.type === type);
  if (notice === undefined) throw new Error(`told was ${told.map((one) => one.type).join(', ') || 'nothing'}`);
  const { next, step, quiet } = eventOf(notice, ORIGIN).data;
  expect(next ?? '').not.toMatch(/[A-Z]{2,}_[A-Z]/); // it is pasted as it stands
  await scene.mend?.(on);
  const printed = [next, ...commandsIn(step), quiet].filter((line) => line !== undefined);
  const endings: Record<string, number> = {};
  for (const line of printed) endings[line.replaceAll(/ --(?:project|secret|plan)[ =]\S+/g, '')] = await ends(on, line);
  expect({ step, endings }).toEqual({ step, endings: scene.ends });
  await scene.proof?.(on);
});

test('a command among words is found, and one that is refused', async () => {
  const words = `Nothing. If it must go: key-warden rollback --secret ${SECRET}. Else gcloud secrets versions enable 2 --secret=app. Then look.`;
  expect(commandsIn(words)).toEqual([
    `key-warden rollback --secret ${SECRET}`,
    'gcloud secrets versions enable 2 --secret=app',
  ]);
  await using on = await standIn({});
  expect(await ends(on, `key-warden rollback --secret ${SECRET}`)).toBe(5);
  expect(await ends(on, `key-warden rotate --secret ${SECRET} --no-such-option`)).toBe(2);
});
