/** `npm run papers`: prints the generated blocks of the README anew from the code. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withGenerated } from './generated.ts';

const README = new URL('../../README.md', import.meta.url);
writeFileSync(README, withGenerated(readFileSync(README, 'utf8')));
