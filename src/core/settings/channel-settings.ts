import {
  CHANNEL_KINDS,
  CHANNEL_URLS,
  ROTATION_NEWS,
  type Channel,
  type ChannelKind,
} from '../alerts/channels/channel.ts';
import { MENTION_FORMS, type Mention } from '../alerts/channels/mention.ts';
import type { LabelChoice } from '../alerts/label-choice.ts';
import { NOTICE_TYPES } from '../alerts/notice.ts';
import { isCause, SEVERITIES, type Cause } from '../causes/causes.ts';
import { count, fieldsOf, listOf, maybe, oneOf, shaped, text, type Decoder } from '../values/decode.ts';
import { isRecord, parseJson, type JsonRecord } from '../values/json.ts';
import { parseSecretName } from '../google/resource-names.ts';

export type ChannelsReading = { readonly channels: readonly Channel[] } | { readonly problems: readonly string[] };

/** A bound for a setting that people write by hand. */
const CHANNELS_MAX = 50;

/** Beyond these a list of the relay's own does better. */
const RECIPIENTS_MAX = 20;

/** The longest gap between two reminders is a week: what waits longer than a month would hardly be told. */
const AFTER_HOURS = { min: 1, max: 720 } as const;

const kind = oneOf(CHANNEL_KINDS);
const severity = oneOf(SEVERITIES);
const cause: Decoder<Cause> = (value) => (typeof value === 'string' && isCause(value) ? { value } : undefined);
const labels: Decoder<LabelChoice> = fieldsOf(listOf(text));
const mention: Decoder<Mention> = shaped<Mention>({
  who: text,
  severityMin: (value) => (value === undefined ? { value: 'critical' } : severity(value)),
  labels: maybe(labels),
});

/** How each field of a channel is read from the setting. */
const FIELDS: { readonly [Field in keyof Channel]-?: Decoder<Channel[Field]> } = {
  name: textThat((value) => /^[a-z][a-z0-9-]{0,62}$/.test(value)),
  kind,
  credential: textThat((value) => parseSecretName(value) !== undefined),
  url: maybe(textThat((value) => ADDRESS.test(value) || RELAY.test(value))),
  from: maybe(textThat((value) => MAILBOX.test(value))),
  to: maybe(recipients),
  severityMin: (value) => (value === undefined ? { value: 'info' } : severity(value)),
  secrets: maybe(listOf(textThat((value) => /^[\w/*-]+$/.test(value)))),
  projects: maybe(listOf(textThat((value) => /^[a-z0-9.:*-]+$/.test(value)))),
  causes: maybe(listOf(cause)),
  labels: maybe(labels),
  mentions: maybe(listOf(mention)),
  afterHours: maybe((value) => bounded(value, AFTER_HOURS)),
  rotations: maybe(oneOf(ROTATION_NEWS)),
  types: maybe(listOf(oneOf(NOTICE_TYPES))),
};

/** What each field must look like, for whoever got it wrong. */
const FORMS: Readonly<Record<keyof Channel, string>> = {
  name: 'a name of lower-case letters, digits and dashes',
  kind: `one of ${CHANNEL_KINDS.join(', ')}`,
  credential: 'the full name of a secret, projects/PROJECT/secrets/ID',
  url: 'an https address without user, query or fragment; of an email, its relay: smtps://HOST:PORT or smtp://HOST:PORT',
  from: 'an address such as key-warden@example.com',
  to: `a list of 1 to ${RECIPIENTS_MAX} addresses such as oncall@example.com`,
  severityMin: `one of ${SEVERITIES.join(', ')}`,
  secrets: 'a list of secret ids or full names, in which * stands for any characters',
  projects: 'a list of project ids, in which * stands for any characters',
  causes: 'a list of causes such as key_leaked',
  labels: 'lists of texts by the name of a label, such as {"team":["search"]}, in which * stands for any characters',
  mentions: 'a list such as [{"who":"U0123","severityMin":"critical","labels":{"team":["search"]}}]',
  afterHours: `a whole number from ${AFTER_HOURS.min} to ${AFTER_HOURS.max}`,
  rotations: `one of ${ROTATION_NEWS.join(', ')}`,
  types: 'a list of kinds of events such as key.unhealthy',
};

/** One address and nothing around it: what stands here goes into a header and into a command of SMTP. */
const MAILBOX = /^[\w.+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

/** Plain http is for the receivers of a pretend cloud on this machine only. */
const ADDRESS = /^(?:https:\/\/[^\s/?#@]+|http:\/\/127\.0\.0\.1:\d+)(?:\/[^\s?#@]*)?$/;
const RELAY = /^smtps?:\/\/[a-z0-9.-]+(?::\d{1,5})?$/;

const readChannel = shaped<Channel>(FIELDS);

/** Reads the setting of channels, a JSON list, and names every problem at once. Without the setting there are none. */
export function readChannels(setting: string | undefined): ChannelsReading {
  const items = setting === undefined ? [] : parseJson(setting);
  if (!Array.isArray(items)) return { problems: ['it must be a JSON list of channels'] };
  if (items.length > CHANNELS_MAX) return { problems: [`it lists ${items.length} channels; at most ${CHANNELS_MAX}`] };
  const channels = items.map(readChannel).flatMap((reading) => (reading === undefined ? [] : [reading.value]));
  const problems = [
    ...items.flatMap((item, at) => problemsOf(item, `channel ${at + 1}`)),
    ...repeatedNames(channels),
    ...channels.flatMap(mentionProblems),
  ];
  return problems.length > 0 ? { problems } : { channels };
}

function problemsOf(item: unknown, place: string): readonly string[] {
  if (!isRecord(item)) return [`${place} is not a JSON object`];
  const unknown = Object.keys(item).filter((field) => !Object.hasOwn(FORMS, field));
  const wrong = Object.entries<Decoder<unknown>>(FIELDS).filter(([field, read]) => read(item[field]) === undefined);
  return [
    ...unknown.map((field) => `${place} has an unknown field "${field}"; known: ${Object.keys(FORMS).join(', ')}`),
    ...wrong.map(([field]) => `${place}: ${field} must be ${new Map(Object.entries(FORMS)).get(field)}`),
    ...urlProblems(kind(item['kind'])?.value, item['url'], place),
    ...mailProblems(kind(item['kind'])?.value, item, place),
  ];
}

function urlProblems(of: ChannelKind | undefined, url: unknown, place: string): readonly string[] {
  const wants = of === undefined ? 'optional' : CHANNEL_URLS[of];
  if (wants === 'needed' && url === undefined) return [`${place}: ${named(`${of}`)} needs a url`];
  if (wants === 'secret' && url !== undefined)
    return [`${place}: the address of ${of} is a secret; put it into the credential and leave url out`];
  return [];
}

/** Mail needs a relay and two ends; nothing else has any of them. */
function mailProblems(of: ChannelKind | undefined, item: JsonRecord, place: string): readonly string[] {
  if (of === undefined) return [];
  const { url, from, to } = item;
  const isRelay = typeof url === 'string' && RELAY.test(url);
  if (of !== 'email')
    return [
      ...(isRelay ? [`${place}: only e-mail goes to a relay; the url of ${of} is an https address`] : []),
      ...(from !== undefined || to !== undefined ? [`${place}: only e-mail has from and to`] : []),
    ];
  return [
    ...(url !== undefined && !isRelay
      ? [`${place}: the url of an email is its relay, smtps://HOST:PORT or smtp://HOST:PORT`]
      : []),
    ...(from === undefined || to === undefined ? [`${place}: an email needs from and to`] : []),
  ];
}

function named(kindOf: string): string {
  return `${/^[ae]/.test(kindOf) ? 'an' : 'a'} ${kindOf}`;
}

function mentionProblems({ name, kind: of, mentions = [] }: Channel): readonly string[] {
  const form = MENTION_FORMS[of];
  if (form === undefined) return mentions.length > 0 ? [`channel ${name}: ${named(of)} calls nobody by name`] : [];
  return mentions
    .filter(({ who }) => !form.form.test(who))
    .map(({ who }) => `channel ${name} mentions ${JSON.stringify(who)}, which is not ${form.says}`);
}

/** Labels that channels choose by although no event carries them, so that they would choose nothing. */
export function labelProblems(channels: readonly Channel[], eventLabels: readonly string[]): readonly string[] {
  return channels.flatMap(({ name, labels: chosen, mentions = [] }) => {
    const names = [chosen, ...mentions.map((one) => one.labels)].flatMap((choice) => Object.keys(choice ?? {}));
    return [...new Set(names)]
      .filter((one) => !eventLabels.includes(one))
      .map((one) => `channel ${name} chooses by the label "${one}", which KEY_WARDEN_EVENT_LABELS does not name`);
  });
}

function repeatedNames(channels: readonly Channel[]): readonly string[] {
  const names = channels.map(({ name }) => name);
  return names.filter((name, at) => names.indexOf(name) !== at).map((name) => `two channels have the name ${name}`);
}

function bounded(value: unknown, { min, max }: typeof AFTER_HOURS): { readonly value: number } | undefined {
  const read = count(value);
  return read !== undefined && read.value >= min && read.value <= max ? read : undefined;
}

function recipients(value: unknown): { readonly value: readonly string[] } | undefined {
  const read = listOf(textThat((one) => MAILBOX.test(one)))(value);
  return read !== undefined && read.value.length > 0 && read.value.length <= RECIPIENTS_MAX ? read : undefined;
}

function textThat(fits: (value: string) => boolean): Decoder<string> {
  return (value) => (typeof value === 'string' && fits(value) ? { value } : undefined);
}
