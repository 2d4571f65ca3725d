import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The reader for Go as a module proxy has it, which takes it from a tag of the repository. */
export interface GoModule {
  /** `github.com/…/clients/go`, as `go.mod` says. */
  readonly path: string;
  /** A version that no other content bears: Go keeps what it once fetched. */
  readonly version: string;
}

/**
 * Writes a proxy (https://go.dev/ref/mod#goproxy-protocol) into a folder that serves what is committed below `clients/go`, and nothing
 * else: no file of this repository is at hand for whoever builds with it.
 */
export function goProxy(root: string, folder: string): GoModule {
  const git = (...words: readonly string[]) => execFileSync('git', ['-c', 'safe.directory=*', ...words], { cwd: root });
  const mod = readFileSync(join(root, 'clients/go/go.mod'), 'utf8');
  const [, path = ''] = /^module (\S+)$/m.exec(mod) ?? [];
  const [hash = '', seconds = ''] = git('log', '-1', '--format=%H %ct').toString('utf8').trim().split(' ');
  const time = new Date(Number(seconds) * 1000).toISOString();
  const version = `v0.1.1-0.${time.replaceAll(/\D/g, '').slice(0, 14)}-${hash.slice(0, 12)}`;
  const served = join(folder, path, '@v');
  mkdirSync(served, { recursive: true });
  writeFileSync(join(served, 'list'), '');
  // what the consumer's own go.mod names before it asks for this content
  writeFileSync(join(served, 'v0.1.0.mod'), mod);
  writeFileSync(join(served, `${version}.mod`), mod);
  writeFileSync(join(served, `${version}.info`), JSON.stringify({ Version: version, Time: time }));
  writeFileSync(
    join(served, `${version}.zip`),
    git('archive', '--format=zip', `--prefix=${path}@${version}/`, 'HEAD:clients/go'),
  );
  return { path, version };
}
