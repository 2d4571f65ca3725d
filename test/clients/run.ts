/**
 * `npm run clients [python node go java gcloud]`: installs Google's own clients into a folder of its own, runs each against a
 * fresh pretend cloud and prints how much passed. A tool that is missing is said loudly, and makes it end with 1.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startGrpcDoor } from '../../src/emulator/server/grpc.ts';
import { startPretendCloud } from '../../src/emulator/server/server.ts';

interface Walk {
  /** What must be installed on the machine. */
  readonly tool: string;
  /** Commands that install the clients, run in a copy of the language's folder. */
  readonly install: readonly (readonly string[])[];
  readonly run: (http: string, grpc: string) => readonly string[];
}

const WALKS: Readonly<Record<string, Walk>> = {
  python: {
    tool: 'python3',
    install: [
      ['python3', '-m', 'venv', 'venv'],
      ['venv/bin/pip', 'install', '--quiet', '--requirement', 'requirements.txt'],
    ],
    run: (http, grpc) => ['venv/bin/python', 'walk.py', http, grpc],
  },
  node: {
    tool: 'npm',
    install: [['npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts']],
    run: (http, grpc) => [process.execPath, 'walk.js', http, grpc],
  },
  go: {
    tool: 'go',
    install: [['go', 'build', '-o', 'walk', '.']],
    run: (http, grpc) => ['./walk', http, grpc],
  },
  java: {
    tool: 'mvn',
    install: [['mvn', '--quiet', '--batch-mode', 'compile']],
    run: (http, grpc) => ['mvn', '--quiet', '--batch-mode', 'exec:java', `-Dexec.args=${http} ${grpc}`],
  },
  gcloud: {
    tool: 'gcloud',
    install: [],
    run: (http) => ['bash', 'walk.sh', http],
  },
};

const here = fileURLToPath(new URL('.', import.meta.url));
const workshop = join(tmpdir(), 'key-warden-clients');
const asked = process.argv.slice(2);
const outcomes: boolean[] = [];

for (const [language, walk] of Object.entries(WALKS)) {
  if (asked.length > 0 && !asked.includes(language)) continue;
  outcomes.push(await walked(language, walk));
}
const failed = outcomes.filter((passed) => !passed).length;
process.stdout.write(`clients: ${outcomes.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

async function walked(language: string, { tool, install, run }: Walk): Promise<boolean> {
  if (spawnSync('which', [tool]).status !== 0) {
    process.stdout.write(`${language}: NOT RUN, because ${tool} is not on this machine\n`);
    return false;
  }
  const folder = join(workshop, language);
  mkdirSync(folder, { recursive: true });
  cpSync(join(here, language), folder, { recursive: true });
  for (const [command = '', ...words] of install) {
    if (await ended(folder, command, words)) continue;
    process.stdout.write(`${language}: NOT RUN, because ${command} ${words.join(' ')} failed\n`);
    return false;
  }
  const cloud = await startPretendCloud({ tickMs: 500 });
  const door = await startGrpcDoor({ behind: () => cloud, port: 0 });
  const [command = '', ...words] = run(cloud.url, `127.0.0.1:${door.port}`);
  const passed = await ended(folder, command, words);
  if (!passed) process.stdout.write(`${language}: FAILED\n`);
  door.close();
  await cloud.close();
  return passed;
}

/** Whether a command ended well; what it printed is shown. */
function ended(folder: string, command: string, words: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, words, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}
