import type { Foreseen, ForeseenConsumer } from '../../app/reach/foreseen.ts';
import { namesOf } from '../../core/consumers/wave.ts';
import { painter, type Paint, type Terminal } from './terminal.ts';

const COLOURS = {
  brought: 'green',
  itself: 'green',
  left: 'yellow',
  never: 'red',
} as const satisfies Record<ForeseenConsumer['is'], Parameters<Paint>[0]>;

const KINDS = ['brought', 'itself', 'left', 'never'] as const satisfies readonly (keyof typeof COLOURS)[];

/** What becomes of consumers after the promotion, a line with its title for each reason: a fleet of hundreds has few. */
export function foreseenInShort(
  terminal: Pick<Terminal, 'colour'>,
  { consumers, notLooked }: Foreseen,
): readonly (readonly [title: string, text: string])[] {
  const paint = painter(terminal);
  const lines = KINDS.flatMap((kind) => {
    const reasons = Map.groupBy(
      consumers.filter(({ is }) => is === kind),
      ({ why = 'a new revision after the promotion' }) => why,
    );
    return [...reasons].map(([why, alike]) => {
      const names = namesOf(alike.map(({ consumer }) => ({ name: consumer })));
      return [paint(COLOURS[kind], kind), `${names}: ${why}`] as const;
    });
  });
  return [...lines, ...notLooked.map((line) => [paint('yellow', 'not looked at'), line] as const)];
}
