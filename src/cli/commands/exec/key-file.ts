import { rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import process from 'node:process';
import type { KeyText } from '../../../core/key/key-text.ts';
import { Stop, systemCodeOf } from '../../show/terminal.ts';

/** A file with nothing but the key in it, which only its owner may read. */
export interface KeyFile {
  /** The whole path, wherever the command works. */
  readonly path: string;
  /** Whoever reads at that moment gets the old key or the new one, whole. */
  write(key: KeyText): Promise<void>;
  remove(): Promise<void>;
}

/** Made where the caller says: a folder in memory (`/dev/shm`, an emptyDir of the medium Memory) leaves nothing on a disk. */
export function keyFile(given: string): KeyFile {
  const path = resolve(given);
  const fresh = `${path}.${process.pid}.new`;
  return {
    path,
    async write(key) {
      try {
        await writeFile(fresh, key.reveal(), { mode: 0o600, flag: 'wx' });
        await rename(fresh, path);
      } catch (trouble) {
        await rm(fresh, { force: true });
        throw new Stop(3, `the key cannot be written to ${path} (${systemCodeOf(trouble)})`);
      }
    },
    remove: () => rm(path, { force: true }),
  };
}
