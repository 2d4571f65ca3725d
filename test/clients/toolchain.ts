import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import process from 'node:process';

/** What a program in another language needs before it can run. */
export interface Toolchain {
  /** What must be installed on the machine. */
  readonly tool: string;
  /** Commands that install its packages, run in a copy of the language's folder. */
  readonly install: readonly (readonly string[])[];
}

/** Copies a folder and installs there; answers the copy, or nothing after it said loudly what is missing. */
export async function installed(
  language: string,
  from: string,
  folder: string,
  { tool, install }: Toolchain,
): Promise<string | undefined> {
  const notRun = (why: string): undefined => {
    process.stdout.write(`${language}: NOT RUN, because ${why}\n`);
  };
  if (spawnSync('which', [tool]).status !== 0) return notRun(`${tool} is not on this machine`);
  mkdirSync(folder, { recursive: true });
  cpSync(from, folder, { recursive: true });
  for (const words of install) if (!(await ended(folder, words))) return notRun(`${words.join(' ')} failed`);
  return folder;
}

/** Whether a command ended well; what it printed is shown. */
export function ended(folder: string, [command = '', ...words]: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, words, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}
