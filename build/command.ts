import { build, type Plugin } from 'esbuild';
import { readdir, readFile } from 'node:fs/promises';
import { AS_PIECES, joined, piecesOf, withoutCopies } from './quick-start.ts';
import { isRecord, parseJson, type JsonRecord } from '../src/core/values/json.ts';

/** Starts under any Node, and says what it needs where that is too old. */
const STARTER = 'bin.js';
/** Where the bundled modules stand in the package. */
const MODULES = 'lib';

const NODE_MAJOR_MIN = 24;

/** What the command and the pretend cloud are made of: files by their name in the package, and the sources that went in. */
export interface CommandBundle {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Relative to the repository. */
  readonly inputs: readonly string[];
}

/**
 * Bundles the command line and the pretend cloud, in pieces that are loaded when they are needed: the help and `explain`
 * read none of Google's libraries. Rejects where a warning is found; then nothing is written.
 */
export async function bundleCommand(root: string): Promise<CommandBundle> {
  const { outputFiles, metafile, warnings } = await build({
    absWorkingDir: root,
    entryPoints: { cli: 'src/cli.ts', emulator: 'src/emulator/server/server.ts' },
    outdir: MODULES,
    ...AS_PIECES,
    keepNames: true,
    legalComments: 'none',
    plugins: [
      messagesInside,
      lateImports(root),
      textsInside(await versionOf(root), await readFile(`${root}/docs/runbook.md`, 'utf8')),
      noPrograms,
    ],
    metafile: true,
    write: false,
  });
  if (warnings.length > 0) throw new Error('the bundle has warnings, which are printed above');
  const pieces = piecesOf(outputFiles, metafile);
  const named = [...pieces.keys()];
  const quick = await joined(pieces, ['cli.js', ...named.filter((name) => name.startsWith('explain-'))]);
  const encoder = new TextEncoder();
  return {
    files: new Map([
      ...[...quick].map(([name, code]) => [`${MODULES}/${name}`, encoder.encode(withoutCopies(code))] as const),
      [STARTER, encoder.encode(starter())],
    ]),
    inputs: Object.keys(metafile.inputs),
  };
}

/** The parser of the command line can start a program for a command; ours has none such, and Node's module for it loads the network. */
const noPrograms: Plugin = {
  name: 'no-programs',
  setup(steps) {
    steps.onResolve({ filter: /^(?:node:)?child_process$/ }, ({ path, importer }) =>
      importer.includes('/node_modules/commander/') ? { path, namespace: 'no-programs' } : undefined,
    );
    steps.onLoad({ filter: /./, namespace: 'no-programs' }, () => ({ contents: 'export default {};' }));
  },
};

/** Protos are loaded where they lie beside the sources; a bundle has to hold them. */
const messagesInside: Plugin = {
  name: 'messages-inside',
  setup(steps) {
    steps.onLoad({ filter: /\/grpc-messages\.ts$/ }, async ({ path }) => {
      const contents = (await readFile(path, 'utf8'))
        .replaceAll(/^ *const load = createRequire\(import\.meta\.url\);\n/gm, '')
        .replaceAll('load(', 'require(');
      return { contents, loader: 'ts' };
    });
  },
};

/** What is loaded late of libraries of the older module type: in modules of the newer one their exports have to be named. */
const LATE: Readonly<Record<string, readonly string[]>> = {
  '@google-cloud/secret-manager': ['SecretManagerServiceClient'],
  'google-auth-library': ['GoogleAuth', 'OAuth2Client', 'PassThroughClient'],
  'google-gax': ['grpc'],
};

function lateImports(root: string): Plugin {
  return {
    name: 'late-imports',
    setup(steps) {
      steps.onResolve({ filter: /^[@\w]/ }, ({ kind, path, namespace }) => {
        if (kind !== 'dynamic-import' || namespace === 'late') return undefined;
        return path in LATE ? { path, namespace: 'late' } : undefined;
      });
      steps.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
        contents: `export { ${LATE[path]?.join(', ')} } from '${path}';`,
        resolveDir: root,
      }));
    },
  };
}

/** The sources read their version and the runbook from files that lie elsewhere from a bundle. */
function textsInside(version: string, runbook: string): Plugin {
  return {
    name: 'texts-inside',
    setup(steps) {
      steps.onLoad({ filter: /\/cli\/version\.ts$/ }, () => ({
        contents: `export const versionOf = () => ${JSON.stringify(version)};`,
        loader: 'ts',
      }));
      steps.onLoad({ filter: /\/cli\/show\/runbook-text\.ts$/ }, () => ({
        contents: `export const runbookText = () => ${JSON.stringify(runbook)};`,
        loader: 'ts',
      }));
    },
  };
}

async function versionOf(root: string): Promise<string> {
  return String(recordIn(await readFile(`${root}/package.json`, 'utf8'))['version']);
}

function recordIn(text: string): JsonRecord {
  const value = parseJson(text);
  return isRecord(value) ? value : {};
}

/** What npm reads: no dependency, no script, and only these files. */
export function commandManifest(manifest: JsonRecord): JsonRecord {
  const { name, version, description, license } = manifest;
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    engines: { node: `>=${NODE_MAJOR_MIN}` },
    bin: { 'key-warden': STARTER },
    exports: { './emulator': { types: './emulator.d.ts', default: `./${MODULES}/emulator.js` } },
    files: [STARTER, MODULES, 'emulator.d.ts', NOTICES],
  };
}

/** Holds the licences of what is bundled. */
export const NOTICES = 'THIRD-PARTY-LICENSES.txt';

/** The libraries among the inputs of a bundle, each once: the folder that its files are in. */
export function librariesIn(inputs: readonly string[]): readonly string[] {
  const folders = inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  return [...new Set(folders)].toSorted();
}

/** What a library's licence says, under its name. Throws where it has none: then it may not be passed on. */
export async function noticeOf(folder: string): Promise<string> {
  const { name, version, license } = recordIn(await readFile(`${folder}/package.json`, 'utf8'));
  if (typeof license !== 'string') throw new Error(`${folder} names no licence`);
  const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
  const text =
    file === undefined ? `${license}, as its package.json says` : await readFile(`${folder}/${file}`, 'utf8');
  return `${String(name)} ${String(version)} (${license})\n\n${text.trim()}\n`;
}

/** Syntax of old Nodes alone. */
function starter(): string {
  return `#!/usr/bin/env node
if (Number(process.versions.node.split('.')[0]) >= ${NODE_MAJOR_MIN}) {
  import('./${MODULES}/cli.js');
} else {
  process.stderr.write('key-warden needs Node ${NODE_MAJOR_MIN} or newer, and this is ' + process.version + '.\\n');
  process.exitCode = 4;
}
`;
}
