/** `npm run papers`: prints the generated blocks of the papers anew from the code. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withGenerated } from './generated.ts';
import { PAPERS } from './papers.ts';

for (const [name, blocks] of Object.entries(PAPERS)) {
  const paper = new URL(`../../${name}`, import.meta.url);
  writeFileSync(paper, withGenerated(readFileSync(paper, 'utf8'), blocks));
}
