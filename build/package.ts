import { isRecord, type JsonRecord } from '../src/core/values/json.ts';
import { ENTRY, FRAMEWORK } from './bundle.ts';

/** The `package.json` and `package-lock.json` of the deployed folder. */
export interface DeployedPackage {
  readonly manifest: JsonRecord;
  readonly lock: JsonRecord;
}

/** One major: the builder takes the newest Node that `engines` allows where nothing else names one. */
const DEPLOYED_ENGINES = { node: '24.x' };

/**
 * A package whose only dependency is the framework, locked to what this repository was tested with: the platform runs
 * `npm ci` where it finds a lock file. Throws when the lock file lacks a package.
 */
export function deployedPackage(manifest: JsonRecord, lock: JsonRecord): DeployedPackage {
  const packages = recordIn(lock, 'packages');
  const { name, version, license } = manifest;
  const dependencies = { [FRAMEWORK]: recordIn(manifest, 'dependencies')[FRAMEWORK] };
  const paths = closureOf(packages, FRAMEWORK).toSorted();
  const own = { name, version, license, engines: DEPLOYED_ENGINES, dependencies };
  return {
    manifest: { ...own, private: true, type: 'commonjs', main: ENTRY },
    lock: {
      name,
      version,
      lockfileVersion: lock['lockfileVersion'],
      requires: true,
      packages: { '': own, ...Object.fromEntries(paths.map((path) => [path, packages[path]])) },
    },
  };
}

/** Paths in a lock file of a package and of all that it needs, as Node would find them. */
function closureOf(packages: JsonRecord, name: string): readonly string[] {
  const found = new Set<string>();
  const follow = (wanted: string, from: string, mayLack: boolean): void => {
    const path = foundFrom(packages, wanted, from);
    if (path === undefined && !mayLack) throw new Error(`the lock file has no ${wanted} for ${from}`);
    if (path === undefined || found.has(path)) return;
    found.add(path);
    const entry = recordIn(packages, path);
    for (const needed of Object.keys(recordIn(entry, 'dependencies'))) follow(needed, path, false);
    for (const field of ['optionalDependencies', 'peerDependencies'])
      for (const needed of Object.keys(recordIn(entry, field))) follow(needed, path, true);
  };
  follow(name, '', false);
  return [...found];
}

/** Node looks beside the importing package first, then outwards folder by folder. */
function foundFrom(packages: JsonRecord, name: string, from: string): string | undefined {
  const path = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (path in packages) return path;
  return from === ''
    ? undefined
    : foundFrom(packages, name, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))));
}

function recordIn(record: JsonRecord, field: string): JsonRecord {
  const value = record[field];
  return isRecord(value) ? value : {};
}
