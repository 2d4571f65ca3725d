import { build } from 'esbuild';

/** The one file that Cloud Run functions loads; `.cjs` spares the framework a search for the module type at every start. */
export const ENTRY = 'functions.cjs';

/** Stays a package of its own: it holds the registry that the platform looks functions up in, so there may be only one. */
export const FRAMEWORK = '@google-cloud/functions-framework';

const NOT_DEPLOYED = /^(?:src\/(?:emulator|cli)\/|src\/serve\.ts|test\/|bench\/|build\/)/;

/** Sources that have no business in what is deployed. `inputs` are relative to the repository, as esbuild names them. */
export function strayInputs(inputs: readonly string[]): readonly string[] {
  return inputs.filter((input) => NOT_DEPLOYED.test(input));
}

/**
 * Bundles the entry points with every library but the framework: one file is read and compiled sooner than the thousand
 * that it replaces. Rejects when a warning or a stray source is found; then nothing is written.
 */
export async function bundle(root: string): Promise<Uint8Array> {
  const { outputFiles, metafile, warnings } = await build({
    absWorkingDir: root,
    entryPoints: ['src/functions.ts'],
    outfile: ENTRY,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    external: [FRAMEWORK],
    metafile: true,
    write: false,
  });
  const stray = strayInputs(Object.keys(metafile.inputs));
  if (stray.length > 0) throw new Error(`not for deployment, yet imported by src/functions.ts: ${stray.join(', ')}`);
  const [output] = outputFiles;
  if (output === undefined || warnings.length > 0) throw new Error('the bundle has warnings, which are printed above');
  return output.contents;
}
