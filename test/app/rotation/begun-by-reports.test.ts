import { describe, expect, test } from '@jest/globals';
import { begunByReports } from '../../../src/app/rotation/begun-by-reports.ts';
import { Fault, type FaultCode } from '../../../src/app/ports/fault.ts';
import { HISTORY_ANNOTATION, type Past } from '../../../src/core/record/ledger.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import type { InFlight } from '../../../src/core/record/journal.ts';
import { HOUR_MS, MINUTE_MS, plusMs, type Instant } from '../../../src/core/values/time.ts';
import { writeHistory, writeJournal } from '../../support/annotations.ts';
import { inFlight } from '../../support/journals.ts';
import { GOOD_KEY, SCOPE, stage } from '../../support/stage.ts';

const FINDER = { who: 'finder@p.iam.gserviceaccount.com', is: 'verified' } as const;
const PERSON = { who: 'ada@p.iam.gserviceaccount.com', is: 'verified' } as const;

const flying = (more: Partial<InFlight>) => ({
  [ROTATION_ANNOTATION]: writeJournal(
    inFlight({ phase: 'minted', emergency: true, reason: 'leaked', by: FINDER, ...more }),
  ),
});
const ended = (at: Instant, more: Partial<Past> = {}) => ({
  [HISTORY_ANNOTATION]: writeHistory([
    { id: 'kw-1', reason: 'leaked', by: FINDER, outcome: 'completed', from: 1, at, ...more },
  ]),
});

async function counted(annotations: (now: Instant) => Record<string, string | null>, except = 'none') {
  const { secret, ports, clock } = stage();
  const own = Object.entries(annotations(clock.now())).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, text]],
  );
  const name = await secret('app', [GOOD_KEY], { annotations: Object.fromEntries(own) as Record<string, string> });
  const order = { scopes: [SCOPE], concurrency: 1, caller: FINDER, except: except === 'app' ? name : except };
  return begunByReports(ports, order);
}

describe('emergencies of reports are counted on the secrets', () => {
  test.each([
    ['in flight, however old', () => flying({}), 1],
    ['in flight, of a person', () => flying({ by: PERSON }), 0],
    ['in flight, under a claimed name', () => flying({ by: { ...FINDER, is: 'claimed' } }), 0],
    ['in flight, and none', () => flying({ emergency: false }), 0],
    ['in flight, by nobody', () => flying({ by: undefined }), 0],
    ['that ended within an hour', (now: Instant) => ended(plusMs(now, MINUTE_MS - HOUR_MS)), 1],
    ['that ended an hour ago', (now: Instant) => ended(plusMs(now, -HOUR_MS)), 0],
    ['that ended and was planned', (now: Instant) => ended(now, { reason: 'request' }), 0],
    ['and none', () => ({}), 0],
    ['that nobody can read', () => ({ [ROTATION_ANNOTATION]: '{', [HISTORY_ANNOTATION]: '{' }), 0],
  ])('%s', async (_, annotations, count) => {
    expect(await counted(annotations)).toBe(count);
  });

  test('but for the secret that is asked about', async () => {
    expect(await counted(() => flying({}), 'app')).toBe(0);
  });

  test.each([
    ['unavailable', 'unavailable'],
    ['denied', 'denied'],
  ] as const)('and none is begun where not all can be counted: %s', async (code: FaultCode, said) => {
    const { ports } = stage();
    const vault = {
      ...ports.vault,
      list: () => {
        throw new Fault(code, 'no list');
      },
    };
    const order = { scopes: [SCOPE], concurrency: 1, caller: FINDER, except: 'none' };
    await expect(begunByReports({ ...ports, vault }, order)).rejects.toMatchObject({
      code: said,
      message: expect.stringContaining('cannot be counted: project demo-project'),
    });
  });
});
