import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const SCRIPT = fileURLToPath(new URL('../../terraform/way-out', import.meta.url));

/** Runs the script beside a gcloud and a terraform that answer what a half-made deployment would. */
function wayOut(functions: readonly string[], state: readonly string[], ...words: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'way-out-'));
  const answer = (program: string, lines: readonly string[]) => {
    const path = join(folder, program);
    writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')}\n`);
    chmodSync(path, 0o755);
  };
  answer('gcloud', functions);
  answer('terraform', state);
  try {
    const PATH = `${folder}:${process.env['PATH']}`;
    const { status, stdout, stderr } = spawnSync(SCRIPT, words, { encoding: 'utf8', env: { PATH } });
    return { status, out: stdout.trimEnd().split('\n'), err: stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const FIRST = 'module.key_warden.google_cloudfunctions2_function.first';

describe('the way out of a half-made deployment', () => {
  test('takes a function away whose build failed, and one in that serves', () => {
    const { status, out, err } = wayOut(
      ['key-warden-health-check\tACTIVE', 'key-warden-purge\tFAILED', 'key-warden-notify\tACTIVE'],
      [FIRST],
      'ops-prod',
      'europe-west1',
    );
    expect(status).toBe(0);
    expect(out).toEqual([
      expect.stringMatching(
        /^gcloud functions delete key-warden-purge --v2 --project=ops-prod --region=europe-west1 --quiet/,
      ),
      `terraform import 'module.key_warden.google_cloudfunctions2_function.worker["notify"]' projects/ops-prod/locations/europe-west1/functions/key-warden-notify`,
    ]);
    expect(err).toContain('run these 2, then apply again');
  });

  test('is nothing where the state knows every function, and where there is none yet', () => {
    for (const functions of [['gw-health-check\tACTIVE'], []])
      expect(wayOut(functions, [FIRST], 'ops-prod', 'europe-west1', 'gw').err).toContain('nothing to do');
  });

  test('is not asked for without a project and a region', () => {
    expect(wayOut([], [], 'ops-prod').status).toBe(2);
  });
});
