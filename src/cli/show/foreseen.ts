import type { Foreseen, ForeseenConsumer } from '../../app/reach/foreseen.ts';
import { namesOf } from '../../core/consumers/wave.ts';
import { plural } from '../../core/values/plural.ts';
import { painter, type Paint, type Terminal } from './terminal.ts';

const SHOWN = [
  ['brought', 'green', 'gets a new revision', 'get a new revision'],
  ['itself', 'green', 'needs none', 'need none'],
  ['left', 'yellow', 'is left alone', 'are left alone'],
  ['never', 'red', 'never sees the new key', 'never see the new key'],
] as const satisfies readonly (readonly [ForeseenConsumer['is'], Parameters<Paint>[0], string, string])[];

/** What becomes of consumers after the promotion, a line with its title for each reason: a fleet of hundreds has few. */
export function foreseenInShort(
  terminal: Pick<Terminal, 'colour'>,
  { consumers, notLooked }: Foreseen,
): readonly (readonly [title: string, text: string])[] {
  const paint = painter(terminal);
  const lines = SHOWN.flatMap(([kind, colour, one, several]) => {
    const ofKind = consumers.filter(({ is }) => is === kind);
    return [...Map.groupBy(ofKind, ({ why }) => why)].map(([why, alike]) => {
      const what = `${plural(alike.length, 'consumer')} ${alike.length === 1 ? one : several}`;
      const names = namesOf(alike.map(({ consumer }) => ({ name: consumer })));
      return [paint(colour, kind), `${what}${why === undefined ? '' : `, for ${why}`}: ${names}`] as const;
    });
  });
  return [...lines, ...notLooked.map((line) => [paint('yellow', 'not looked at'), line] as const)];
}
