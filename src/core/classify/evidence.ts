import type { Answer, SentAs } from './answer.ts';
import { openEnvelope, WRAPPED, type Envelope } from './error-body.ts';
import type { KeyKind } from '../key/key-text.ts';
import { readable, statusIn } from './status-in-text.ts';
import { isPage, plainWords, withoutEcho } from './plain-words.ts';
import { quotaEvidenceIn, type QuotaEvidence } from './quota.ts';
import { quotesGoogle } from './full-sentences.ts';
import { httpOfWord } from './http-status.ts';
import { isReason } from './error-reasons.ts';
import { parseProjectName } from '../google/resource-names.ts';

/** An answer reduced to what rules may look at. */
export interface Evidence {
  readonly sentAs: SentAs;
  readonly keyKind: KeyKind;
  /** HTTP status; of an error inside a 2xx, the one that the error names. */
  readonly status: number | undefined;
  /** `ErrorInfo.reason`s in upper case. */
  readonly reasons: readonly string[];
  /** Everything that was said, as `plainWords`, without the echo of the caller's input. */
  readonly words: string;
  readonly quota: QuotaEvidence;
  /** A complaint about the request's fields. */
  readonly malformed: boolean;
  readonly page: boolean;
  /** What a working key gets, with no error in it and no status that says otherwise. */
  readonly succeeded: boolean;
  /** A 2xx that holds neither an error nor a success. */
  readonly meaningless: boolean;
  /** The answer ends inside its JSON. */
  readonly cut: boolean;
  /** Whose API refused, where the answer names it: `secretmanager.googleapis.com`. */
  readonly service: string | undefined;
  /** The project that owns the key: a request to Gemini is charged to it. */
  readonly keyProject: string | undefined;
  /** Google's reason, sentence, or error object stands in it: what was said is Google's. */
  readonly isGoogles: boolean;
  /** For people: the reason and the first message as they stood, **not redacted**. */
  readonly reason: string | undefined;
  readonly message: string;
}

/** Reads an answer. Only here are bodies looked at; the rules see nothing else. */
export function evidenceOf(answer: Answer): Evidence {
  const text = readable(answer.body);
  const content = text.replace(/^(?:HTTP\/[\s\S]*?\r?\n\r?\n)+/, '');
  const envelope = openEnvelope(content);
  const httpStatus = answer.status === WRAPPED ? statusBehind(content) : (answer.status ?? statusIn(text));
  const good = httpStatus !== undefined && httpStatus >= 200 && httpStatus < 300;
  const page = isMarkup(envelope, answer.contentType);
  const spoken = [...envelope.messages, ...(good ? [] : [envelope.prose, ...bareDump(envelope, content)])].map((part) =>
    withoutEcho(plainWords(part)),
  );
  const words = [...spoken.map((part) => part.words), plainWords(envelope.labels.join(' '))].join(' ').trim();
  const reasons = page ? [] : reasonsIn(envelope, words);
  const service = page ? undefined : serviceIn(envelope, words);
  return {
    sentAs: answer.sentAs,
    keyKind: answer.keyKind,
    status: good && envelope.failed ? envelope.status : httpStatus,
    reasons: reasons.map((reason) => reason.toUpperCase()),
    words,
    quota: quotaEvidenceIn(envelope, words),
    malformed: envelope.malformed || spoken.some((part) => part.echoes),
    page,
    succeeded: envelope.succeeded && !envelope.failed && (good || httpStatus === undefined),
    meaningless: good && !envelope.failed,
    cut: envelope.cut,
    service,
    keyProject:
      service === STORE_HOST
        ? undefined
        : envelope.consumers.map(parseProjectName).find((project) => project !== undefined),
    isGoogles:
      !page &&
      (reasons.some((reason) => isReason(reason.toUpperCase())) || quotesGoogle(words) || hasStatusWord(envelope)),
    reason: reasons.find((reason) => isReason(reason.toUpperCase())) ?? reasons[0],
    message: messageFor(envelope, page),
  };
}

/** A dump without any quotes, such as `{code: 403, message: Your API key …}`: its words are read as prose. */
function bareDump({ prose }: Envelope, content: string): readonly string[] {
  return prose === content.trim() || /["“]|'\w{1,40}'/.test(content) ? [] : [content];
}

/** The error that a wrapper's answer quotes; never a success, since the wrapper failed. */
function statusBehind(content: string): number {
  const told = statusIn(content);
  return told !== undefined && told >= 400 ? told : WRAPPED;
}

function isMarkup(envelope: Envelope, contentType: string | undefined): boolean {
  if (isPage(envelope.prose) || envelope.messages.some(isPage)) return true;
  return !envelope.leads && /\bx?html\b/i.test(contentType ?? '');
}

/** Reasons of the details; failing those, of a text that spells them (`reason: "…"` in protobuf's text form, or bare). */
function reasonsIn(envelope: Envelope, words: string): readonly string[] {
  if (envelope.reasons.length > 0) return envelope.reasons;
  const spelled = [...words.matchAll(/\breason"?[:=] ?"?([a-z]\w*_\w+)/g)].map((match) =>
    String(match[1]).toUpperCase(),
  );
  const bare = [...words.matchAll(/\b[a-z]+(?:_[a-z]+)+/g)].map(([word]) => word.toUpperCase()).filter(isReason);
  return [...spelled, ...bare];
}

/** Of the details; failing those, of a text that names Secret Manager, its client or its host, and Gemini nowhere. */
function serviceIn({ services }: Envelope, words: string): string | undefined {
  return services[0] ?? (NAMES_STORE.test(words) && !NAMES_GEMINI.test(words) ? STORE_HOST : undefined);
}

/** What Secret Manager is called in `ErrorInfo`. */
export const STORE_HOST = 'secretmanager.googleapis.com';
const NAMES_STORE = /\bsecretmanager(?:\.googleapis|\.v1|:)|cloud[./_-]?secret-?_?manager|\bsecret manager api\b/;
const NAMES_GEMINI = /generativelanguage|\bgemini api\b|google[./_-]genai|generativeai/;

/** `"status": "PERMISSION_DENIED"` in an error object: the envelope of Google's APIs. */
function hasStatusWord({ labels }: Envelope): boolean {
  return labels.some((label) => /^[A-Z_]+$/.test(label) && httpOfWord(label) !== undefined);
}

function messageFor(envelope: Envelope, page: boolean): string {
  const candidates = [...envelope.messages, envelope.prose, envelope.labels.join(' ')];
  const first = candidates.find((text) => text !== '') ?? '';
  if (!page) return first;
  return `a web page: ${/<title>([^<]{0,200})/i.exec(candidates.join(' '))?.[1] ?? 'without a title'}`;
}
