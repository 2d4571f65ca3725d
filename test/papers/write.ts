/** `npm run papers`: prints the generated blocks of the papers anew from the code, draws their pictures, and freezes what is new. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { REFUSAL_FILES } from '../readers/refusals.ts';
import { frozenCauses, withSums } from '../record/freeze.ts';
import { firstTenMinutes } from './first-ten-minutes/first-ten-minutes.ts';
import { withCauseCount, withGenerated } from './generated.ts';
import { PAPERS } from './papers.ts';
import { messagePages } from './messages/pages.ts';
import { pictures } from './pictures.ts';

const ROOT = new URL('../../', import.meta.url);

for (const [name, blocks] of Object.entries(PAPERS)) {
  const paper = new URL(name, ROOT);
  writeFileSync(paper, withGenerated(readFileSync(paper, 'utf8'), blocks));
}
for (const [name, story] of Object.entries(await firstTenMinutes())) writeFileSync(new URL(name, ROOT), story);
for (const [name, svg] of Object.entries(await pictures())) writeFileSync(new URL(name, ROOT), svg);
for (const [name, html] of Object.entries(messagePages())) writeFileSync(new URL(name, ROOT), html);
for (const [name, text] of Object.entries(REFUSAL_FILES)) writeFileSync(new URL(name, ROOT), text);

const readme = new URL('README.md', ROOT);
writeFileSync(readme, withCauseCount(readFileSync(readme, 'utf8')));

const frozen = new URL('test/record/v1/', ROOT);
const read = (name: string) => readFileSync(new URL(name, frozen), 'utf8');
const names = () => readdirSync(frozen).filter((name) => name.endsWith('.json'));
for (const [name, file] of frozenCauses(names())) writeFileSync(new URL(name, frozen), file);
const sums = withSums(new Map(names().map((name) => [name, read(name)])), read('SHA256SUMS'));
writeFileSync(new URL('SHA256SUMS', frozen), sums);
