import { describe, expect, test } from '@jest/globals';
import { RENDER } from '../../../../src/core/alerts/channels/render.ts';
import { NOTICE_TYPES } from '../../../../src/core/alerts/notice.ts';
import { isBrief } from '../../../../src/core/alerts/channels/brief.ts';
import { eventFor } from '../../../support/notices.ts';

describe('a rotation that ended well is one line', () => {
  const ended = eventFor('rotation.completed');
  const said = (kind: 'slack' | 'google-chat' | 'teams', changes: Partial<typeof ended.data> = {}) =>
    JSON.stringify(RENDER[kind]({ ...ended, data: { ...ended.data, ...changes } })[0]?.body);
  const next = 'key-warden rollback --secret projects/demo-project/secrets/app-key';

  test('and nothing else is', () => {
    expect(NOTICE_TYPES.filter((type) => isBrief(eventFor(type).data))).toEqual(['rotation.completed']);
    expect(isBrief({ ...ended.data, severity: 'critical' })).toBe(false);
  });

  test.each(['slack', 'google-chat', 'teams'] as const)('with whose it is and how to go back, on %s', (kind) => {
    expect(said(kind, { next })).toContain(next);
    expect(said(kind, { next })).toContain('Whose: team search · service api.');
    expect(said(kind)).not.toContain('To go back');
    expect(said(kind)).not.toContain('Runbook');
    expect(said(kind, { labels: undefined })).not.toContain('Whose');
  });
});
