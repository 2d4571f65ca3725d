import { describe, expect, test } from '@jest/globals';
import { eventOf } from '../../../src/core/alerts/event/event.ts';
import { headlineOf } from '../../../src/core/alerts/headline.ts';
import {
  inventoryNews,
  inventoryCount,
  NAMED_MAX,
  newFinding,
  notListed,
  type NewOfKind,
} from '../../../src/core/alerts/inventory-notice.ts';
import { severityOf } from '../../../src/core/alerts/notice.ts';
import { noticeText, whoOf } from '../../../src/core/alerts/notice-text.ts';
import type { KeyFinding } from '../../../src/core/inventory/findings.ts';
import { ORIGIN } from '../../support/notices.ts';

const KEY = 'projects/123456789012/locations/global/keys/chat';
const FINDING: KeyFinding = {
  kind: 'unmanaged',
  severity: 'medium',
  says: 'projects/p/secrets/app holds it, which is not under care',
  cure: { do: 'Put the secret under care', command: 'key-warden init --secret projects/p/secrets/app' },
  runs: true,
};
const news = (changed: Partial<NewOfKind> = {}) =>
  inventoryNews({
    kind: 'unmanaged',
    project: 'gen-prod',
    findings: [newFinding(FINDING, KEY, ['projects/p/secrets/app'])],
    occasion: 'a/b',
    ...changed,
  });
const memory = { secret: 'projects/ops/secrets/key-warden-inventory', project: 'ops' };

describe('news of an inventory', () => {
  test('about one key names it, who holds it, and the cure that runs', () => {
    const { data, id } = eventOf(news(), ORIGIN);
    expect(data).toMatchObject({
      headline: 'chat · key in a secret that is not under care · gen-prod',
      why: `${KEY} (in projects/p/secrets/app): projects/p/secrets/app holds it, which is not under care`,
      severity: 'warning',
      project: 'gen-prod',
      step: 'Put the secret under care:',
      next: 'key-warden init --secret projects/p/secrets/app',
      detail: { kind: 'unmanaged', count: 1, findings: [{ key: KEY, holders: 1, cure: FINDING.cure }] },
    });
    expect(id).toBe(`${ORIGIN.source}/inventory/gen-prod/unmanaged/inventory.news/a/b`);
    expect(whoOf(news())).toBe('1 key in gen-prod');
  });

  test('does not show a command with a word left to replace', () => {
    const findings = [newFinding({ ...FINDING, runs: false }, KEY, [])];
    expect(news({ findings })).toMatchObject({ next: 'key-warden inventory --project gen-prod' });
  });

  test('about many names a few and counts the others, each with its own cure', () => {
    const secrets = ['a', 'b', 'c'].map((id) => `projects/p/secrets/${id}`);
    const findings = Array.from({ length: 300 }, () => newFinding(FINDING, KEY, secrets));
    const event = eventOf(news({ findings }), ORIGIN);
    expect(event.data).toMatchObject({
      headline: '300 keys · key in a secret that is not under care · gen-prod',
      next: 'key-warden inventory --project gen-prod',
    });
    expect(noticeText(news({ findings }))).toContain(' (in projects/p/secrets/a and 2 more): ');
    expect(noticeText(news({ findings }))).toContain('; and 297 more keys.');
    expect(event.data.detail['findings']).toHaveLength(NAMED_MAX);
  });

  test('stays below 20 kB, whatever the names are', () => {
    const secret = `projects/${'9'.repeat(12)}/locations/northamerica-northeast1/secrets/${'s'.repeat(255)}`;
    const finding = { ...FINDING, says: `${secret} holds it`, cure: { do: 'd'.repeat(80), command: `c ${secret}` } };
    const key = `projects/${'p'.repeat(30)}/locations/global/keys/${'k'.repeat(63)}`;
    const findings = Array.from({ length: 300 }, () => newFinding(finding, key, [secret, secret, secret]));
    expect(JSON.stringify(eventOf(news({ findings }), ORIGIN)).length).toBeLessThan(20_000);
  });

  test('is as bad as the worst of it, and gets nobody up', () => {
    const severities = ['high', 'medium', 'low'] as const;
    const of = severities.map((severity) =>
      severityOf(news({ findings: [newFinding({ ...FINDING, severity }, KEY, [])] })),
    );
    expect(of).toEqual(['error', 'warning', 'info']);
  });

  test('says that a project was not listed', () => {
    const notice = news({ kind: 'not_listed', findings: [notListed('gen-prod', 'denied')] });
    expect(headlineOf(notice)).toBe('keys were not listed · gen-prod');
    expect(eventOf(notice, ORIGIN).data).toMatchObject({
      why: 'denied',
      step: 'To see whether you get further:',
      next: 'key-warden inventory --project gen-prod',
    });
    expect(headlineOf(news({ findings: [{ ...newFinding(FINDING, 'odd', []) }] }))).toMatch(/^odd · /);
    const bare = { ...notListed('gen-prod', 'denied'), cure: { do: 'Look' } };
    expect(eventOf(news({ findings: [bare] }), ORIGIN).data.detail['findings']).toMatchObject([
      { cure: { do: 'Look' } },
    ]);
  });
});

describe('where nobody knows what people were told', () => {
  test('on the first run numbers are told, and where to see them all', () => {
    const found = [{ kind: 'legacy' }, { kind: 'shadow' }, { kind: 'legacy' }] as const;
    const notice = inventoryCount({ because: 'first_run', memory, found, occasion: 'first' });
    expect(noticeText(notice)).toBe(
      '3 findings · inventory of the keys: 1 shadow, 2 legacy; this is the first inventory by schedule: from now on only what is new is told.',
    );
    expect(eventOf(notice, ORIGIN)).toMatchObject({
      id: `${ORIGIN.source}/inventory/inventory.news/first`,
      subject: 'fleet',
      data: { severity: 'warning', next: 'key-warden inventory', who: '3 findings', detail: { count: 3 } },
    });
  });

  test('with a memory that is not understood it is said where it stands, and how to begin anew', () => {
    const notice = inventoryCount({ because: 'unreadable', memory, found: [], occasion: 'unreadable/2026-11-24' });
    expect(eventOf(notice, ORIGIN).data).toMatchObject({
      why: `what people were told stands on ${memory.secret} in a form that this release does not read, so that news cannot be told from what is known`,
      next: 'gcloud secrets update key-warden-inventory --remove-annotations=key-warden.inventory --project=ops',
    });
  });
});
