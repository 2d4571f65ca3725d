import { expect, test } from '@jest/globals';
import { readersInWords } from '../../../src/app/consumers/in-short.ts';
import { only } from '../../../src/app/consumers/places.ts';
import { leftBehindText, readersJson } from '../../../src/app/consumers/readers-json.ts';
import {
  readersIn,
  readersOfMany,
  readersBy,
  rememberedRoll,
  rollOf,
  type ReaderPorts,
} from '../../../src/app/consumers/readers.ts';
import type { Roll } from '../../../src/app/ports/consumers.ts';
import { Fault, type FaultCode } from '../../../src/app/ports/fault.ts';
import type { SecretSighting } from '../../../src/app/ports/ports.ts';
import { consumer, read } from '../../support/readings.ts';

const NAME = 'projects/111/secrets/gemini';

/** A vault that knows a secret by these projects, and refuses every other with a fault. */
function ports(
  rolls: Readonly<Record<string, Partial<Roll>>>,
  known: Readonly<Record<string, string>> = {},
): ReaderPorts {
  return {
    consumers: {
      of: (project) => Promise.resolve({ consumers: [], notLooked: [], barred: false, ...rolls[project] }),
    },
    vault: {
      look(secret) {
        const project = secret.split('/')[1] ?? '';
        const found = known[project] ?? 'not_found';
        if (!found.startsWith('projects/')) throw new Fault(found as FaultCode, 'no');
        return Promise.resolve({ name: found } as SecretSighting);
      },
    },
  };
}

async function readers(all: ReaderPorts, given = 'projects/p/secrets/gemini', projects: readonly string[] = ['p']) {
  return readersIn(all, await rollOf(all, [given], only(projects)), { name: NAME, given });
}

test('readers of all projects are told, those first that are left behind', async () => {
  const all = ports({
    p: { consumers: [consumer('a', [read('current')])], notLooked: ['a region'] },
    q: { consumers: [consumer('b', [read('7')])], barred: true },
  });
  const found = await readers(all, undefined, ['p', 'q']);
  expect(found.readings.map(({ consumer: { name }, sees }) => [name.at(-1), sees])).toEqual([
    ['b', 'never'],
    ['a', 'next instance'],
  ]);
  expect(found).toMatchObject({ notLooked: ['a region'], barred: true });
});

test('who calls the project by its number reads the same secret, and another project’s is another', async () => {
  const all = ports({ p: { consumers: [consumer('a', [read('1', '111')]), consumer('b', [read('1', 'other')])] } });
  expect((await readers(all)).readings.map(({ consumer: { name } }) => name.at(-1))).toEqual(['a']);
});

test('where the secret was named by a number alone, ids are looked up', async () => {
  const all = ports(
    {
      p: {
        consumers: [
          consumer('a', [read('1', 'same')]),
          consumer('b', [read('1', 'gone')]),
          consumer('c', [read('1', '222')]),
        ],
      },
    },
    { same: NAME, gone: 'projects/999/secrets/gemini' },
  );
  const found = await readers(all, NAME);
  expect(found.readings.map(({ consumer: { name } }) => name.at(-1))).toEqual(['a']);
  expect(found).toMatchObject({ notLooked: [], barred: false });
});

test.each([
  ['denied', true],
  ['unavailable', false],
] as const)('an id that cannot be looked up (%s) is not taken for another project', async (code, barred) => {
  const all = ports({ p: { consumers: [consumer('a', [read('1', 'hidden')])] } }, { hidden: code });
  expect(await readers(all, NAME)).toEqual({
    readings: [],
    notLooked: [expect.stringContaining('whether hidden is the project of projects/111/secrets/gemini')],
    barred,
    late: [],
  });
});

test('what is no name of a secret is read by nobody', async () => {
  const all = ports({ p: { consumers: [consumer('a', [read('1')])] } });
  expect(
    (await readersIn(all, await rollOf(all, ['nothing'], only(['p'])), { name: 'nothing', given: 'nothing' })).readings,
  ).toEqual([]);
});

test.each([
  [
    'a number in a service',
    consumer('a', [read('7')]),
    'service a in europe-west1 (p) names version 7 in the variable KEY: let it read current, or change the number after the rotation',
  ],
  [
    'a number that Firebase writes',
    consumer('a', [read('7')], { kind: 'function', deployedBy: 'firebase' }),
    'function a in europe-west1 (p) names version 7 in the variable KEY: deploy it after the rotation, which writes the newest number',
  ],
  [
    'an alias of somebody’s own',
    consumer('a', [read('live', 'p', { by: 'file', at: '/k' })], { kind: 'job' }),
    'job a in europe-west1 (p) reads the alias live in the file /k, which no rotation moves: let it read current',
  ],
  [
    'traffic that somebody keeps',
    consumer('a', [read('7')], { kind: 'workerPool', follows: false }),
    'worker pool a in europe-west1 (p) names version 7 in the variable KEY, and its traffic stays with a-1 that somebody named',
  ],
  [
    'traffic that somebody keeps elsewhere',
    consumer('a', [read('7')], { follows: false, running: [] }),
    'service a in europe-west1 (p) names version 7 in the variable KEY, and its traffic stays with a revision that somebody named',
  ],
  [
    'a revision that a tag names',
    consumer('a', [], { running: [{ name: 'a-1', share: 0, tag: 'old', reads: [read('7')] }] }),
    'service a in europe-west1 (p) names version 7 in the variable KEY, in the revision a-1 that the tag old names',
  ],
])('%s is told with what to do', async (_, one, says) => {
  expect(leftBehindText(await readers(ports({ p: { consumers: [one] } })))).toEqual([says]);
});

test('in one line they are counted by when they see a new version, each consumer once', () => {
  const [api, job] = [
    { name: 'api', sees: 'next instance' },
    { name: 'job', sees: 'never' },
  ] as const;
  expect(readersInWords([job, api, api])).toBe(
    '2 consumers; a new version is seen with the next instance by 2, never by 1',
  );
  expect(readersInWords([])).toBe('nobody was found that reads it');
});

test('as JSON every field is there', async () => {
  const since = Date.parse('2026-11-24T12:00:00Z') as never;
  const full = consumer('a', [read('7')], {
    account: 'a@p',
    running: [{ name: 'a-1', since, share: 0, tag: 't', reads: [read('7')] }],
  });
  const found = await readers(ports({ p: { consumers: [full, consumer('b', [read('current')], { running: [] })] } }));
  expect(readersJson(found).readers).toEqual([
    {
      kind: 'service',
      name: 'projects/p/locations/europe-west1/services/a',
      project: 'p',
      region: 'europe-west1',
      account: 'a@p',
      deployedBy: 'hand',
      labels: {},
      by: 'variable',
      at: 'KEY',
      version: '7',
      sees: 'never',
      leftBehind: true,
      running: 'a-1',
      since: '2026-11-24T12:00:00.000Z',
      share: 0,
      tag: 't',
    },
    expect.objectContaining({ account: null, running: null, since: null, share: null, tag: null, leftBehind: false }),
  ]);
});

test('a rehearsal asks once for a secret', async () => {
  const all = ports({ p: { consumers: [consumer('a', [read('7')])] } });
  let asked = 0;
  const roll = rememberedRoll((secrets) => {
    asked += 1;
    return rollOf(all, secrets, only(['p']));
  });
  const readersOnce = readersBy(all.vault, roll);
  const secret = { name: NAME, given: 'projects/p/secrets/gemini' };
  expect((await readersOnce(secret)).readings).toHaveLength(1);
  expect(await readersOnce(secret)).toEqual(await readersOnce(secret));
  expect(await roll([NAME])).toBe(await roll(['projects/p/secrets/gemini']));
  expect(asked).toBe(1);
});

test('of many secrets each project is looked through once, and a gap is told once', async () => {
  const asked: string[] = [];
  const other = { ...read('current'), secret: { project: 'p', location: 'global', secret: 'maps' } };
  const of = (project: string, ids: readonly string[]) => {
    asked.push(`${project}: ${ids.join()}`);
    return Promise.resolve({ consumers: [consumer('a', [read('7'), other])], notLooked: ['a region'], barred: true });
  };
  const names = [
    { name: NAME, given: 'projects/p/secrets/gemini' },
    { name: 'projects/111/secrets/maps', given: 'projects/p/secrets/maps' },
  ];
  const many = await readersOfMany({ ...ports({}), consumers: { of } }, only(['p']), names);
  expect(asked).toEqual(['p: gemini,maps']);
  expect([...many.of].map(([name, { readings }]) => [name, readings.map(({ sees }) => sees)])).toEqual([
    [NAME, ['never']],
    ['projects/111/secrets/maps', ['next instance']],
  ]);
  expect(many).toMatchObject({ notLooked: ['a region'], barred: true });
  const byNumber = [{ name: NAME, given: NAME }];
  const hidden = ports({ p: { consumers: [consumer('a', [read('1', 'hidden')])] } }, { hidden: 'denied' });
  expect(await readersOfMany(hidden, only(['p']), byNumber)).toMatchObject({
    notLooked: [expect.any(String)],
    barred: true,
  });
});
