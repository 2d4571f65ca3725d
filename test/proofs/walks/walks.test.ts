import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { perform } from './commands.ts';
import { walkStage } from './stage.ts';
import { passagesOf, passageText } from './story.ts';

const FOLDER = new URL('.', import.meta.url);
const WALKS = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'));

/** Walks through a story and tells it again, with what happened this time. */
async function toldAgain(story: string): Promise<string> {
  await using stage = await walkStage();
  stage.happened();
  const parts: string[] = [];
  for (const passage of passagesOf(story)) {
    if (passage.command !== undefined) await perform(stage, passage.command);
    parts.push(passageText(passage, stage.happened()));
  }
  return parts.filter((part) => part.trim() !== '').join('\n');
}

describe('a walk happens as it is written', () => {
  test.each(WALKS)('%s', async (file) => {
    const url = new URL(file, FOLDER);
    const written = readFileSync(url, 'utf8');
    const told = await toldAgain(written);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(url, told);
    else expect(told).toBe(written);
  });
});

describe('in every walk', () => {
  const WRITTEN = WALKS.map(
    (file) => [file, readFileSync(new URL(file, FOLDER), 'utf8').replace(/\s+/g, ' ')] as const,
  );

  /** Of a leaked key, of what somebody else takes from its readers, and of what is no key. */
  const HARMED = [
    'leaked.txt',
    'hands-on-current.txt',
    'written-back.txt',
    'taken-away-in-a-drain.txt',
    'password.txt',
  ];

  test.each(WRITTEN.filter(([file]) => !HARMED.includes(file)))(
    'readers of current and of latest get a key that works, at every step (I1, I3): %s',
    (_, text) => {
      expect(text).toContain('readers current gets the old key, which works; latest gets the old key, which works');
      expect(text).not.toMatch(/(current|latest) gets (an error|an unknown key|the [\w ]*key, which is refused)/);
    },
  );

  test.each(WRITTEN)('no byte of a key is told (I9): %s', (_, text) => {
    expect(text).not.toMatch(/AIza[\w-]|AQ\.|ya29/);
  });
});
