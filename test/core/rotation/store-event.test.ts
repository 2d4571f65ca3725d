import { recordOf } from '../../../src/core/record/secret-record.ts';
import { describe, expect, test } from '@jest/globals';
import { readSecretEvent } from '../../../src/core/rotation/store-event.ts';
import { mattersTo } from '../../../src/core/rotation/taken-away.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { inFlight, NOW, resting } from '../../support/journals.ts';

const secretId = 'projects/123456789012/secrets/app-key';
const timestamp = '2026-10-05T02:00:19.2044-07:00';
const at = instantOf(Date.UTC(2026, 9, 5, 9, 0, 19, 204));
const version = { secretId, timestamp, versionId: `${secretId}/versions/3` };

describe('an event of Secret Manager', () => {
  test('says that a rotation is due, with the moment in Pacific time', () => {
    expect(readSecretEvent({ eventType: 'SECRET_ROTATE', secretId, timestamp })).toEqual({
      is: 'due',
      secret: secretId,
      at,
    });
  });

  test('says that a version was added', () => {
    expect(readSecretEvent({ eventType: 'SECRET_VERSION_ADD', ...version })).toEqual({
      is: 'added',
      secret: secretId,
      version: 3,
      at,
    });
  });

  test.each([
    ['SECRET_VERSION_DISABLE', 'disabled'],
    ['SECRET_VERSION_DESTROY', 'destroyed'],
    ['SECRET_VERSION_DESTROY_SCHEDULED', 'destruction_scheduled'],
  ])('%s says that a version was taken away', (eventType, change) => {
    expect(readSecretEvent({ eventType, ...version })).toEqual({
      is: 'taken away',
      secret: secretId,
      version: 3,
      change,
      at,
    });
  });

  test.each(['TOPIC_CONFIGURED', 'SECRET_CREATE', 'SECRET_VERSION_ENABLE'])('%s is no news', (type) => {
    expect(readSecretEvent({ eventType: type })).toEqual({ is: 'no news', type });
  });

  const written = (eventType: string, data?: string) => readSecretEvent({ eventType, secretId, timestamp }, data);

  test('says that it was written, and of its labels nothing: they are looked up (I16)', () => {
    const data = JSON.stringify({ labels: { 'key-warden': 'managed' } });
    expect(written('SECRET_UPDATE', data)).toEqual({ is: 'changed', secret: secretId });
  });

  test('says that it was deleted, and what was remembered of it, if it says so', () => {
    const data = JSON.stringify({ annotations: { 'key-warden.health': '{}' } });
    expect(written('SECRET_DELETE', data)).toEqual({
      is: 'deleted',
      secret: secretId,
      record: recordOf({ 'key-warden.health': '{}' }),
    });
    for (const without of [undefined, '{}', '{"annotations":[]}', '{"annotations":{"key-warden.health":1}}'])
      expect(written('SECRET_DELETE', without)).toEqual({ is: 'deleted', secret: secretId, record: recordOf({}) });
  });

  test.each([
    [{}, 'eventType "" is none of Secret Manager’s'],
    [{ eventType: 'toString' }, 'eventType "toString" is none of Secret Manager’s'],
    [{ eventType: 'SECRET_ROTATE', secretId }, 'SECRET_ROTATE without a secretId and a timestamp that can be read'],
    [
      { eventType: 'SECRET_ROTATE', secretId: 'x', timestamp },
      'SECRET_ROTATE without a secretId and a timestamp that can be read',
    ],
    [{ eventType: 'SECRET_UPDATE' }, 'SECRET_UPDATE without a secretId and a timestamp that can be read'],
    [{ eventType: 'SECRET_VERSION_ADD', secretId, timestamp }, 'SECRET_VERSION_ADD without a versionId of its secret'],
    [
      { eventType: 'SECRET_VERSION_ADD', ...version, versionId: 'projects/1/secrets/other/versions/3' },
      'SECRET_VERSION_ADD without a versionId of its secret',
    ],
  ])('%j is not understood', (attributes, why) => {
    expect(readSecretEvent(attributes)).toEqual({ is: 'not understood', why });
  });
});

describe('a version that somebody took away', () => {
  const away = { version: 1, current: 2, journal: resting(), retired: [] };

  test('matters to consumers when they read it, also while we are at work', () => {
    expect(mattersTo({ ...away, version: 2 })).toBe('consumers');
    expect(mattersTo({ ...away, version: 2, journal: inFlight({ phase: 'abandoned' }) })).toBe('consumers');
  });

  test('matters to nobody at rest, or when it is in the ledger: we did that', () => {
    expect(mattersTo(away)).toBeUndefined();
    const retired = [{ version: 1, at: NOW, rotation: 'kw-0' }];
    expect(mattersTo({ ...away, retired, journal: inFlight({ phase: 'promoted' }) })).toBeUndefined();
  });

  test('matters to a rotation that needs it, and not where it is what the rotation itself is about to do', () => {
    expect(mattersTo({ ...away, journal: inFlight({ phase: 'promoted' }) })).toBe('a rotation');
    expect(mattersTo({ ...away, journal: inFlight({ phase: 'drained' }) })).toBeUndefined();
    expect(mattersTo({ ...away, version: 2, current: 1, journal: inFlight({ phase: 'written' }) })).toBe('a rotation');
    expect(mattersTo({ ...away, version: 2, current: 1, journal: inFlight({ phase: 'abandoned' }) })).toBeUndefined();
    expect(mattersTo({ ...away, version: 7, journal: inFlight({ phase: 'promoted' }) })).toBeUndefined();
  });
});
