import { Buffer } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import { eventSchema } from '../papers/event-schema.ts';
import { CHANNEL_URLS } from '../../src/core/alerts/channels/channel.ts';
import { readEvent } from '../../src/core/alerts/event/read-event.ts';
import type { NoticeType } from '../../src/core/alerts/notice.ts';
import { readChannels } from '../../src/core/settings/channel-settings.ts';
import { isRecord } from '../../src/core/values/json.ts';
import { alertReceivers } from '../../src/emulator/showcase/receivers.ts';
import { FORMS } from '../record/forms.ts';
import { frozenOf } from '../record/frozen.ts';
import { eventFor } from '../support/notices.ts';
import type { HclFile } from '../terraform/module.ts';
import type { Place } from './closed-sets.ts';

const ROOT = new URL('../../', import.meta.url);
const fileOf = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const wordsIn = (text: string): readonly string[] => text.match(/[a-z][a-z_-]*(?:\.[a-z_]+)*/g) ?? [];

const FROZEN = readdirSync(new URL('test/record/v1/', ROOT))
  .filter((name) => name.endsWith('.json'))
  .map((name) => frozenOf(fileOf(`test/record/v1/${name}`)));

/** The reader of an annotation, asked with frozen texts in which a field holds another word. */
export function readerOf(annotation: string, field: string): Place {
  const texts = FROZEN.filter((one) => one.annotation === annotation).map(({ text }) => text);
  const spot = new RegExp(`"${field}":"[^"]*"`, 'g');
  const isRead = (text: string): boolean => {
    const read = FORMS[annotation]?.read(text);
    return read !== undefined && (!isRecord(read) || !Array.isArray(read['problems']) || read['problems'].length === 0);
  };
  return {
    name: `the reader of ${annotation}`,
    takes: (word) => texts.some((text) => spot.test(text) && isRead(text.replaceAll(spot, `"${field}":"${word}"`))),
  };
}

/** The setting of channels, with one field set to a word. */
export function channelWith(field: 'kind' | 'severityMin' | 'types'): Place {
  const channel = { name: 'a', kind: 'pagerduty', credential: 'projects/p/secrets/s', url: 'https://example.com' };
  return {
    name: `the setting of channels (${field})`,
    takes: (word) => {
      const url =
        new Map<string, string>(Object.entries(CHANNEL_URLS)).get(word) === 'secret' ? {} : { url: channel.url };
      const ends = word === 'email' ? { url: 'smtps://example.com', from: 'a@example.com', to: ['b@example.com'] } : {};
      const { name, kind, credential } = channel;
      const set = { name, kind, credential, ...url, ...ends, [field]: field === 'types' ? [word] : word };
      return 'channels' in readChannels(JSON.stringify([set]));
    },
  };
}

/** The words of an `enum` anywhere in the printed schema of an event. */
export function schemaOf(type: NoticeType, field: string): Place {
  const enums: string[] = [];
  JSON.stringify(eventSchema(type), (name, value) => {
    if (name === field && isRecord(value) && Array.isArray(value['enum'])) enums.push(...value['enum'].map(String));
    return value;
  });
  return { name: `the schema of ${type} (${field})`, lists: enums };
}

/** An event as it is published, with one word of its data replaced. */
export function publishedWith(field: 'severity' | 'gravity'): Place {
  const event = eventFor('key.unhealthy');
  return {
    name: `the reader of events (${field})`,
    takes: (word) => readEvent(JSON.stringify({ ...event, data: { ...event.data, [field]: word } })).is === 'event',
  };
}

/** The words that Terraform lets through for a variable, and those that its message names. */
export function terraformLists(files: readonly HclFile[], variable: string): readonly Place[] {
  const text = files.find(({ name }) => name === 'variables.tf')?.text ?? '';
  const checks = [...text.matchAll(/condition\s*= (.*contains\(\[("[^\]]*)\].*)\n\s*error_message = "(.*)"/g)];
  return checks
    .filter(([, condition = '']) => condition.includes(variable))
    .flatMap(([, , list = '', message = '']): readonly Place[] => [
      { name: `terraform/variables.tf, which takes ${variable}`, lists: wordsIn(list) },
      { name: `terraform/variables.tf, which says of ${variable}`, takes: (word) => wordsIn(message).includes(word) },
    ]);
}

/** The pretend receivers of alerts, asked with a word in the path or in the body. */
export function receiverOf(
  name: string,
  requestOf: (word: string) => { readonly path: string; readonly body: object },
): Place {
  const from = {
    method: 'POST',
    headers: { authorization: 'GenieKey x' },
    query: new URLSearchParams(),
    callerIp: '127.0.0.1',
  };
  return {
    name: `the receivers (${name})`,
    takes: (word) => {
      const { path, body } = requestOf(word);
      const reply = alertReceivers().answer({ ...from, path, body: Buffer.from(JSON.stringify(body)) });
      return reply !== undefined && 'status' in reply && reply.status < 300;
    },
  };
}

/** The words of a paper that a pattern finds in its one group. */
export function paper(path: string, pattern: RegExp): Place {
  return { name: path, lists: [...fileOf(path).matchAll(pattern)].flatMap(([, found = '']) => wordsIn(found)) };
}
