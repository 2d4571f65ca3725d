/**
 * What makes the bundled command start sooner. A file costs its way through the loader, and a module of Node's own that is
 * imported costs a copy of all that it exports, of `process` its three streams; so there are fewer of both.
 */
import { build, type OutputFile, type Metafile, type Plugin } from 'esbuild';
import { isBuiltin } from 'node:module';
import { basename } from 'node:path';

/** How the command is bundled: in small pieces that this Node loads as they are needed. */
export const AS_PIECES = {
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
} as const;

/** A bundled file: its code, what it exports, and the files beside it that are loaded before it runs. */
export interface Piece {
  readonly code: string;
  readonly exports: readonly string[];
  readonly loads: readonly string[];
}

/** What a build with `splitting` made, by file name. */
export function piecesOf(files: readonly OutputFile[], { outputs }: Metafile): ReadonlyMap<string, Piece> {
  const made = new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output]));
  return new Map(
    files.map(({ path, text }) => {
      const { exports = [], imports = [] } = made.get(basename(path)) ?? {};
      const loads = imports.flatMap((one) =>
        one.kind === 'import-statement' && one.external !== true ? basename(one.path) : [],
      );
      return [basename(path), { code: text, exports, loads }];
    }),
  );
}

/** Exports whatever is in the pieces that were joined. */
const HALL = 'shared.js';

/**
 * The code of all pieces, by name, where what `entries` load at once is joined into as few files as can be. The pieces that
 * there were stay as doors to those, for the rest of the command: nothing may be there twice.
 */
export async function joined(
  pieces: ReadonlyMap<string, Piece>,
  entries: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const shared = [...new Set(entries.flatMap((entry) => loadedWith(pieces, entry)))].filter(
    (name) => !entries.includes(name),
  );
  const rooms = shared.map((name, at) => ({
    name,
    names: (pieces.get(name)?.exports ?? []).map((exported) => ({ exported, inHall: `${exported}_${at}` })),
  }));
  const before = new Map([...pieces].map(([name, { code }]) => [name, code]));
  const hall = rooms.map(
    ({ name, names }) =>
      `export {${names.map(({ exported, inHall }) => `${exported} as ${inHall}`).join()}} from './${name}';`,
  );
  const inside = new Map([HALL, ...entries, ...shared].map((name) => [name, before.get(name) ?? hall.join('\n')]));
  const { outputFiles } = await build({
    entryPoints: [HALL, ...entries].map((name) => ({ in: name, out: name.replace(/\.js$/, '') })),
    outdir: '/',
    ...AS_PIECES,
    plugins: [inMemory(inside)],
    write: false,
  });
  const doors = rooms.map(({ name, names }) => {
    const through = names.map(({ exported, inHall }) => `${inHall} as ${exported}`);
    return [name, `export {${through.join()}} from './${HALL}';`] as const;
  });
  return new Map([...before, ...doors, ...outputFiles.map(({ path, text }) => [basename(path), text] as const)]);
}

/** A piece and all that is loaded with it. */
function loadedWith(pieces: ReadonlyMap<string, Piece>, name: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(name)) return [];
  seen.add(name);
  return [name, ...(pieces.get(name)?.loads ?? []).flatMap((next) => loadedWith(pieces, next, seen))];
}

/** What is bundled is these texts; every other file stays where it is. */
function inMemory(files: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'in-memory',
    setup(steps) {
      steps.onResolve({ filter: /./ }, ({ path }) => {
        const name = path.replace(/^\.\//, '');
        return files.has(name) ? { path: name, namespace: 'made' } : { path, external: true };
      });
      steps.onLoad({ filter: /./, namespace: 'made' }, ({ path }) => ({ contents: files.get(path) ?? '' }));
    },
  };
}

/** What libraries of the older module type find around them. */
const OLDER_TYPE =
  "const require=process.getBuiltinModule('module').createRequire(import.meta.url),{dirname:__dirname,filename:__filename}=import.meta;\n";

const IMPORT = /\bimport\s?([\w$]+)?,?(?:\{([^}]*)\})?\s?from"([\w:/]+)";/g;

/** The same module with Node's own asked for by name, which copies nothing, and with what the older type needs, if it does. */
export function withoutCopies(code: string): string {
  const asked: string[] = [];
  const rest = code.replaceAll(IMPORT, (whole, all: string | undefined, some: string | undefined, name: string) => {
    if (!isBuiltin(name)) return whole;
    const module = `process.getBuiltinModule('${name}')`;
    if (all !== undefined) asked.push(`const ${all}=${module};`);
    if (some !== undefined) asked.push(`const{${some.replaceAll(/\s+as\s+/g, ':')}}=${module};`);
    return '';
  });
  const older = /\brequire\b|\b__(?:dir|file)name\b/.test(rest) ? OLDER_TYPE : '';
  return `${older}${asked.join('')}${rest}`;
}
