import type { Clock } from '../../src/app/ports/ports.ts';
import { instantOf } from '../../src/core/values/time.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { run, type Captured } from './captured.ts';
import { pretendCloud } from './cloud.ts';

/** The showcase, with an empty project beside it, and a command line that has the cloud’s own time. */
export interface ShowcaseCommand {
  readonly cloud: PretendCloud;
  readonly clock: Clock;
  /** Words that no space stands in. */
  type(words: string, width?: number): Promise<Captured>;
}

export async function showcaseCommand(): Promise<ShowcaseCommand> {
  const cloud = await pretendCloud({
    base: () => Date.UTC(2026, 10, 24, 9),
    propagation: { newKeyMs: 0 },
    projects: { 'empty-project': '111111111111' },
  });
  setUpShowcase(cloud);
  cloud.names.add('empty-project');
  const clock: Clock = { now: () => instantOf(cloud.clock.now()), sleep: (ms) => cloud.advance(ms) };
  const environment = { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT, USER: 'jane' };
  return {
    cloud,
    clock,
    type: (words, width) => run(words.split(' '), { environment, clock, ...(width === undefined ? {} : { width }) }),
  };
}
