/** `npm run papers`: prints the generated blocks of the papers anew from the code, and draws their pictures. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withGenerated } from './generated.ts';
import { PAPERS } from './papers.ts';
import { pictures } from './pictures.ts';

const ROOT = new URL('../../', import.meta.url);

for (const [name, blocks] of Object.entries(PAPERS)) {
  const paper = new URL(name, ROOT);
  writeFileSync(paper, withGenerated(readFileSync(paper, 'utf8'), blocks));
}
for (const [name, svg] of Object.entries(await pictures())) writeFileSync(new URL(name, ROOT), svg);
