import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { newcomer } from './newcomer.ts';
import { onCall } from './on-call.ts';
import { onlyTheCloud } from './only-the-cloud.ts';
import { platform } from './platform.ts';
import { stillCloud } from './stage.ts';

const STORIES = {
  'newcomer.md': ['A newcomer’s first ten minutes', newcomer],
  'on-call.md': ['The first ten minutes of somebody on call', onCall],
  'many-keys.md': ['The first ten minutes of somebody with many keys', platform],
  'pretend-cloud.md': ['The first ten minutes of somebody who wants the pretend cloud', onlyTheCloud],
} as const satisfies Readonly<Record<string, readonly [string, (cloud: PretendCloud) => Promise<string>]>>;

const WHENCE =
  'Written by `npm run papers`: the real commands ran against the pretend cloud, whose clock stood still between them, and this is what they printed. A test holds it against what they print now.';

/** Transcripts of the first ten minutes of four people, by path. */
export async function firstTenMinutes(): Promise<Readonly<Record<string, string>>> {
  const papers: [string, string][] = [];
  for (const [file, [title, story]] of Object.entries(STORIES)) {
    const cloud = await stillCloud();
    papers.push([`docs/first-ten-minutes/${file}`, `# ${title}\n\n${WHENCE}\n\n${await story(cloud)}`]);
    await cloud.close();
  }
  return Object.fromEntries(papers);
}
