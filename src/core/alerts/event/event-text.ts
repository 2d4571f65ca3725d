import { clip } from '../../values/clip.ts';
import { redact } from '../../key/redact.ts';

/** Longest free text in an event: everything together must stay below the 20 kB of a Standard Webhooks body. */
const TEXT_MAX = 600;

/** Free text as an event carries it: it may come from outside, so it is redacted once more (I9) and bounded. */
export function said(text: string): string {
  return clip(redact(text), TEXT_MAX);
}
