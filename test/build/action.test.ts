import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { isRecord, parseRecord, type JsonRecord } from '../../src/core/values/json.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { pretendCloud } from '../support/cloud.ts';

/** There is no runner here: the steps' own shell runs as a runner would start it, with the variables that it sets. */

const root = fileURLToPath(new URL('../..', import.meta.url));

let cloud: PretendCloud;
let folder: string;
let action: JsonRecord;
let steps: readonly JsonRecord[];

beforeAll(async () => {
  const read: unknown = parse(await readFile(join(root, 'action.yml'), 'utf8'));
  action = isRecord(read) ? read : {};
  const { runs } = action;
  steps = isRecord(runs) && Array.isArray(runs['steps']) ? runs['steps'].filter(isRecord) : [];
  folder = await mkdtemp(join(tmpdir(), 'key-warden-action-'));
  cloud = await pretendCloud();
  setUpShowcase(cloud);
});
afterAll(async () => {
  await cloud.close();
  await rm(folder, { recursive: true });
});

/** Runs the step that checks, with what the caller's workflow gives it. */
async function checked(inputs: Readonly<Record<string, string>>) {
  const step = steps.find(({ id }) => id === 'check') ?? {};
  const output = join(folder, 'output');
  await writeFile(output, '');
  const script = join(folder, 'step.sh');
  await writeFile(script, String(step['run']));
  const given = Object.entries(isRecord(step['env']) ? step['env'] : {}).map(([name, text]) => {
    const [, input = ''] = /^\$\{\{ inputs\.(\w+) \}\}$/.exec(String(text)) ?? [];
    const declared = isRecord(action['inputs']) ? action['inputs'][input] : undefined;
    const usual = isRecord(declared) ? declared['default'] : undefined;
    return [name, inputs[input] ?? (typeof usual === 'string' ? usual : '')];
  });
  const env = {
    PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`,
    HOME: folder,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION_PATH: root,
    GITHUB_OUTPUT: output,
    KEY_WARDEN_EMULATOR: cloud.url,
    KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
    ...Object.fromEntries(given),
  };
  const ended = await new Promise<{ code: number; printed: string }>((resolve) => {
    execFile(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', script],
      { env, cwd: folder },
      (failure, out, err) => {
        resolve({ code: failure === null ? 0 : Number(failure.code), printed: out + err });
      },
    );
  });
  return { ...ended, output: await readFile(output, 'utf8') };
}

describe('the step that checks', () => {
  test('fails where keys are dead, with an annotation for each that names what to do first', async () => {
    const { code, printed, output } = await checked({ project: SHOWCASE_PROJECT });
    expect([code, output]).toEqual([1, 'code=1\n']);
    const annotations = printed.split('\n').filter((line) => line.startsWith('::'));
    expect(annotations).toHaveLength(4);
    expect(annotations).toContainEqual(
      expect.stringMatching(
        /^::error title=public-repo \(demo-project\)%3A the key was reported as leaked::.*%0ARotate without waiting/,
      ),
    );
  });

  test('passes where all is well, and looks at nothing but what it was told', async () => {
    const secret = 'search-app\nchat-app\n';
    const { code, printed, output } = await checked({ project: SHOWCASE_PROJECT, secret, deep: 'true' });
    expect([code, output]).toEqual([0, 'code=0\n']);
    expect(printed).toContain('2 secrets checked');
    expect(printed).not.toContain('::');
  });

  test('takes what is given as words and never as a script', async () => {
    const project = `${SHOWCASE_PROJECT}; touch ${join(folder, 'touched')} $(touch ${join(folder, 'touched')})`;
    const { code } = await checked({ project });
    expect(code).toBe(4);
    await expect(readFile(join(folder, 'touched'))).rejects.toThrow('ENOENT');
  });
});

test('no step’s script is put together from what a workflow gives', () => {
  for (const { run } of steps) expect(String(run)).not.toContain('${{');
});

test('it brings the Node that the package needs, and installs by the lock file without a script', async () => {
  const { engines } = parseRecord(await readFile(join(root, 'package.json'), 'utf8')) ?? {};
  const [node, install] = steps;
  expect(isRecord(engines) ? engines['node'] : undefined).toBe('>=24');
  expect(node).toMatchObject({
    uses: expect.stringMatching(/^actions\/setup-node@v\d+$/),
    with: { 'node-version': 24 },
  });
  expect(install?.['run']).toMatch(/^npm ci .*--ignore-scripts/);
});
