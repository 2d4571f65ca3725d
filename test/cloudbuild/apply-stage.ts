import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { readBuild } from '../../build/cloudbuild.ts';

const STEPS = readBuild(readFileSync(new URL('../../cloudbuild.apply.yaml', import.meta.url), 'utf8')).steps;
const PLAN_ID = '0a1b2c3d-0000-4000-8000-000000000000';
const BUILDS = `p-key-warden-builds/${PLAN_ID}`;

/** `provider` blocks of a lock file as Terraform writes it, on its own host unless told otherwise. */
export const lockOf = (providers: readonly string[], host = ['registry', 'terraform', 'io'].join('.')) =>
  [
    '# This file is maintained automatically by "terraform init".',
    ...providers.map((name) => `provider "${host}/hashicorp/${name}" {\n  version = "1.0.0"\n}`),
    '',
  ].join('\n');

/** Files by path; the least repository that can be planned without a provider. */
export const HONEST: Readonly<Record<string, string>> = {
  'deploy/main.tf': 'output "topic" {\n  value = "alerts"\n}\n',
  'deploy/.terraform.lock.hcl': lockOf([]),
  'README.md': 'read me',
};

/** A build of the apply file in its own folder: a checked out commit, buckets, and commands that stand for the cloud's. */
export interface ApplyStage {
  readonly folder: string;
  readonly commit: string;
  /** Puts a file where the build that planned keeps its own, or `settings` into the bucket of the state. */
  keep(name: string, content: string | Uint8Array): void;
  /** Runs steps in order until one fails. */
  run(...ids: readonly string[]): { readonly failed?: string; readonly said: string };
  read(name: string): string | undefined;
  close(): void;
}

/** Checks out `files`; the plan kept says `planned` of that commit, unless told otherwise by `keep`. */
export function applyStage(files: Readonly<Record<string, string>>, planned = ''): ApplyStage {
  const all = mkdtempSync(join(tmpdir(), 'apply-'));
  const [folder, buckets, bin] = ['workspace', 'buckets', 'bin'].map((name) => join(all, name)) as [
    string,
    string,
    string,
  ];
  const put = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  for (const [name, content] of Object.entries(files)) put(join(folder, name), content);
  const git = (...args: readonly string[]) =>
    spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-C', folder, ...args], {
      encoding: 'utf8',
    }).stdout.trim();
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'all');
  const commit = git('rev-parse', 'HEAD');
  for (const [name, script] of Object.entries(COMMANDS)) {
    put(join(bin, name), script);
    spawnSync('chmod', ['+x', join(bin, name)]);
  }
  const env = {
    PATH: `${bin}:${dirname(process.execPath)}:${process.env['PATH']}`,
    HOME: all,
    BUCKETS: buckets,
    REAL: spawnSync('sh', ['-c', 'command -v terraform'], { encoding: 'utf8' }).stdout.trim(),
    PLAN: PLAN_ID,
    PROJECT: 'p',
    TRIGGER: 'key-warden-deploy',
    TF_INPUT: 'false',
    TF_IN_AUTOMATION: 'true',
    CHECKPOINT_DISABLE: '1',
  };
  const keep = (name: string, content: string | Uint8Array) =>
    put(join(buckets, name === 'settings' ? 'p-key-warden-state/key-warden.tfvars' : `${BUILDS}/${name}`), content);
  keep('plan.txt', `commit ${commit}\nroot deploy\n\n${planned}`);
  keep('settings', '');
  for (const name of ['functions.cjs', 'package.json', 'package-lock.json']) keep(`dist/${name}`, `built ${name}`);
  return {
    folder,
    commit,
    keep,
    run(...ids) {
      let said = '';
      for (const id of ids) {
        const { script } = STEPS.find((step) => step.id === id) ?? { script: 'exit 9' };
        const path = join(all, `step-${id}`);
        writeFileSync(path, script, { mode: 0o700 });
        const { status, stdout, stderr } = spawnSync(path, [], { cwd: folder, env, encoding: 'utf8' });
        said += stdout + stderr;
        if (status !== 0) return { failed: id, said };
      }
      return { said };
    },
    read: (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined),
    close: () => rmSync(all, { recursive: true }),
  };
}

/** What a plan of these files says, as the build that planned would keep it. */
export function planOf(files: Readonly<Record<string, string>>): string {
  const stage = applyStage(files);
  try {
    stage.run('fetch', 'plan');
    return (stage.read('out/shown.txt') ?? '').split('\n').slice(3).join('\n');
  } finally {
    stage.close();
  }
}

/** A tarball that holds what no bundle should: a link over the comparison, a way out, a hard link, and a plan of its own. */
export function hostileTarball(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'tarball-'));
  try {
    const script = [
      'mkdir -p out terraform; ln -s read.txt out/shown.txt; echo planted > out/plan',
      'ln -s /etc terraform/etc; echo planted > ../planted.txt; ln out/plan out/again',
      'tar -P -czf bundle.tar.gz out terraform ../planted.txt; rm ../planted.txt',
    ];
    mkdirSync(join(folder, 'in'));
    spawnSync('sh', ['-c', script.join('\n')], { cwd: join(folder, 'in') });
    return readFileSync(join(folder, 'in', 'bundle.tar.gz'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const COMMANDS = {
  // Only what the steps call: the size of an object, and its bytes.
  gcloud: `#!/bin/sh
file="$BUCKETS/$(printf '%s\\n' "$@" | sed -n 's|^gs://||p')"
case "$*" in
  "storage objects describe "*) wc -c < "$file" | tr -d ' ' ;;
  "storage cat "*) cat "$file" ;;
  *) echo "no such command: $*" >&2; exit 1 ;;
esac
`,
  // Terraform itself; only the state is a file instead of a bucket.
  terraform: `#!/bin/sh
for word; do case "$word" in -chdir=*) root="\${word#-chdir=}" ;; esac; done
if [ "$2" = init ]; then
  printf 'terraform {\\n  backend "local" {}\\n}\\n' > "$root/backend_override.tf"
  exec "$REAL" "$1" init -lockfile=readonly
fi
exec "$REAL" "$@"
`,
};
