import { expect, test } from '@jest/globals';
import { emails } from '../../../../src/core/alerts/channels/email.ts';
import type { WardenEvent } from '../../../../src/core/alerts/event/event.ts';
import { NOTICE_TYPES } from '../../../../src/core/alerts/notice.ts';
import { eventFor } from '../../../support/notices.ts';

interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly message: string;
  readonly thread: string;
  readonly urgent: boolean;
}

function mailOf(event: WardenEvent): Mail {
  const [only] = emails(event);
  return only?.body as unknown as Mail;
}

const changed = (changes: Partial<WardenEvent['data']>) => {
  const event = eventFor('key.unhealthy');
  return mailOf({ ...event, data: { ...event.data, ...changes } });
};

test('all mails of an episode answer the same one, and each has an id of its own that stays when it is sent again', () => {
  const mails = (['key.unhealthy', 'key.reminder', 'key.recovered'] as const).map((type) => mailOf(eventFor(type)));
  expect(new Set(mails.map(({ thread }) => thread)).size).toBe(1);
  expect(new Set(mails.map(({ message }) => message)).size).toBe(3);
  expect(mailOf(eventFor('key.unhealthy')).message).toBe(mails[0]?.message);
  expect(mailOf(eventFor('rotation.held')).thread).not.toBe(mails[0]?.thread);
});

test('an id is what a message id takes, however long a name is', () => {
  const event = { ...eventFor('key.unhealthy'), id: 'projects/p/secrets/é#1>'.repeat(40) };
  expect(mailOf(event).message).toMatch(/^[\w.-]{200}$/);
});

test.each(['a\r\nBcc: x@y', 'a\nb', 'a\tb', 'a\u2028b', 'a\u202Etxt.exe', 'a\u0000b'])(
  'a subject is one line that reads from left to right (%j)',
  (headline) => {
    expect(changed({ headline }).subject).toMatch(/^🔴 a [\x20-\x7e]+$/u);
  },
);

test('no text can be markup', () => {
  const { html } = changed({ who: '<img src=x>', why: '"><script>', next: '</pre><a href="https://evil.example">' });
  expect(html).not.toMatch(/<img|<script|href="https:\/\/evil/);
  expect(html).toContain('&lt;img src=x&gt;');
});

test('only what asks for somebody at once is urgent: no news, no end, no test', () => {
  expect(NOTICE_TYPES.filter((type) => mailOf(eventFor(type)).urgent)).toEqual([
    'key.unhealthy',
    'key.reminder',
    'leak.open',
    'leak.reported',
  ]);
  expect(changed({ notice: 'alert.test' }).urgent).toBe(false);
});

test('a step without a command, and a command without a step, are told', () => {
  expect(changed({ next: undefined, step: 'Wait.' }).text).toContain('\n\nNext: Wait.\n\n');
  expect(changed({ next: 'key-warden status', step: undefined }).text).toContain('\n\nNext:\n\nkey-warden status\n\n');
  expect(changed({ next: undefined, step: undefined }).text).not.toContain('Next');
});

test('a rotation that ended well is one line, with the way back where there is one', () => {
  const event = eventFor('rotation.completed');
  const back = { ...event, data: { ...event.data, next: 'key-warden rollback <x>' } };
  const none = { ...event, data: { ...event.data, next: undefined } };
  expect(mailOf(back).text).toMatch(/^🟢 .* To go back: key-warden rollback <x>\n$/u);
  expect(mailOf(back).html).toContain('To go back: key-warden rollback &lt;x&gt;');
  expect(mailOf(none).text).not.toContain('go back:');
});
