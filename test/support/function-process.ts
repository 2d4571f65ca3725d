import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../bench/children.ts';

const FRAMEWORK = fileURLToPath(
  new URL('../../node_modules/@google-cloud/functions-framework/build/src/main.js', import.meta.url),
);
const SOURCE = fileURLToPath(new URL('../../src/functions.ts', import.meta.url));

/** A deployed entry point, run as the platform runs it. */
export interface FunctionProcess {
  readonly url: string;
  /** What it logged so far. */
  readonly lines: readonly string[];
  end(): Promise<void>;
}

/** Starts an entry point that verifies its callers: its own address is the audience. */
export async function functionProcess(
  target: string,
  environment: Readonly<Record<string, string>>,
): Promise<FunctionProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child: ChildProcess = spawn(process.execPath, [FRAMEWORK, `--target=${target}`, `--source=${SOURCE}`], {
    env: {
      ...environment,
      FUNCTION_TARGET: target,
      KEY_WARDEN_AUDIENCE: url,
      KEY_WARDEN_HOST: '127.0.0.1',
      PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const listens = Promise.withResolvers<void>();
  child.stdout?.on('data', (chunk: Buffer) => {
    lines.push(...String(chunk).split('\n'));
    if (lines.some((line) => line.includes('URL:'))) listens.resolve();
  });
  const ended = once(child, 'exit');
  await Promise.race([listens.promise, ended.then(() => Promise.reject(new Error(lines.join('\n'))))]);
  return {
    url,
    lines,
    async end() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
