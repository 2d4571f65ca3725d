import process from 'node:process';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startPretendCloud } from './emulator/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from './emulator/showcase.ts';

/** `npm start`: one deployed function on this machine, against the pretend cloud where no project is configured. */
const target = process.argv[2] ?? 'healthCheck';
const configured = process.env['KEY_WARDEN_PROJECTS'] ?? process.env['GOOGLE_CLOUD_PROJECT'];
const environment = configured === undefined ? await pretendEnvironment() : {};

const framework = fileURLToPath(new URL('../node_modules/.bin/functions-framework', import.meta.url));
const source = fileURLToPath(new URL('functions.ts', import.meta.url));
const child = spawn(process.execPath, [framework, `--source=${source}`], {
  stdio: 'inherit',
  env: { ...process.env, ...environment, FUNCTION_TARGET: target },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));

async function pretendEnvironment(): Promise<Record<string, string>> {
  const cloud = await startPretendCloud({ tickMs: 1000 });
  setUpShowcase(cloud);
  const port = process.env['PORT'] ?? '8080';
  process.stderr.write(
    `No project is configured (KEY_WARDEN_PROJECTS), so ${target} runs against a pretend cloud on ${cloud.url} and lets anybody call.\n` +
      `Try: curl -s http://127.0.0.1:${port}/\n`,
  );
  return {
    KEY_WARDEN_EMULATOR: cloud.url,
    KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
    KEY_WARDEN_VERIFY_CALLERS: 'off',
  };
}
