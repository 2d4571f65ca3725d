/** `npm run cloudbuild [-- STEP…]`: runs the steps of cloudbuild.yaml that need no cloud, or the named ones of them, here. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { environmentOf, localSteps, readBuild } from './cloudbuild.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const build = readBuild(readFileSync(join(root, 'cloudbuild.yaml'), 'utf8'));
const local = localSteps(build);
const asked = process.argv.slice(2);
const unknown = asked.filter((id) => !local.some((step) => step.id === id));
if (unknown.length > 0) {
  process.stderr.write(`no such step here: ${unknown.join(', ')}; known: ${local.map(({ id }) => id).join(', ')}\n`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'cloudbuild-'));
try {
  for (const step of local.filter(({ id }) => asked.length === 0 || asked.includes(id))) {
    process.stdout.write(`cloudbuild: ${step.id}\n`);
    const script = join(folder, step.id);
    writeFileSync(script, step.script, { mode: 0o700 });
    const env = { ...process.env, ...environmentOf(step, build, { PROJECT_ID: 'local', BUILD_ID: 'local' }) };
    const { status, error } = spawnSync(script, { cwd: root, env, stdio: 'inherit' });
    if (error !== undefined) throw error;
    if (status === 0) continue;
    process.stderr.write(`cloudbuild: ${step.id} ended with ${status}\n`);
    process.exitCode = 1;
    break;
  }
} finally {
  rmSync(folder, { recursive: true });
}
