import fc from 'fast-check';
import { KEY_AGES } from '../../../src/core/health/key-census.ts';
import type { CauseTally, Tally } from '../../../src/core/health/tally.ts';
import { KEY_KINDS } from '../../../src/core/key/key-text.ts';
import { NEEDS, type PartLook } from '../../../src/core/survey/part-look.ts';
import type { Cause } from '../../../src/core/causes/causes.ts';
import { instantOf } from '../../../src/core/values/time.ts';

const CAUSES = ['ok', 'key_invalid', 'network', 'billing_disabled'] as const satisfies readonly Cause[];
const few = fc.integer({ min: 0, max: 9 });
const cause = fc.constantFrom(...CAUSES);
const name = fc.constantFrom('a', 'b', 'c', 'd').map((id) => `projects/7/secrets/${id}`);

const tallied: fc.Arbitrary<CauseTally> = fc.record(
  {
    depths: fc.record({ none: few, shallow: few, deep: few }),
    example: name.map((secret) => ({ secret, message: `says ${secret}` })),
    keyProject: fc.constantFrom('7', '8'),
  },
  { requiredKeys: ['depths', 'example'] },
);

const tally: fc.Arbitrary<Tally> = fc
  .uniqueArray(fc.tuple(cause, tallied), { selector: ([one]) => one })
  .map((causes) => ({ causes: new Map(causes) }));

/** A look of a part as its instance could answer it. */
export const partLook: fc.Arbitrary<PartLook> = fc
  .record(
    {
      expected: few,
      missed: few,
      tally,
      census: fc.record({
        groups: fc.uniqueArray(
          fc.record({ kind: fc.constantFrom(...KEY_KINDS), age: fc.constantFrom(...KEY_AGES), count: few }),
          { selector: ({ kind, age }) => `${kind} ${age}` },
        ),
        due: few,
        overdue: few,
      }),
      notable: fc.array(fc.record({ secret: name, cause, need: fc.constantFrom(...NEEDS) }), { maxLength: 3 }),
      beyond: tally,
      open: fc.array(
        fc.record({
          secret: name,
          project: fc.constant('acme'),
          cause,
          severity: fc.constantFrom('warning' as const, 'critical' as const),
          openedAt: few.map((hours) => instantOf(1_800_000_000_000 + hours * 3_600_000)),
        }),
        { maxLength: 3 },
      ),
      fleetKeeper: name,
      keeper: fc.record({ secret: name, cause }, { requiredKeys: ['secret'] }),
      isListed: fc.boolean(),
      problems: fc.array(fc.constantFrom('no answer', 'you may not'), { maxLength: 2 }),
      barred: fc.boolean(),
    },
    {
      requiredKeys: [
        'expected',
        'missed',
        'tally',
        'census',
        'notable',
        'beyond',
        'open',
        'isListed',
        'problems',
        'barred',
      ],
    },
  )
  .map((look) => ({ ...look, expected: look.expected + look.missed }));
