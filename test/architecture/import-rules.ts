/** What a folder of `src` may import: other folders, and whether packages and Node's own modules are allowed. */
interface Rule {
  readonly folders: readonly string[];
  readonly packages: boolean;
}

/** The folder name is the import rule. Top-level files of `src` put everything together and are not listed. */
const RULES: Readonly<Record<string, Rule>> = {
  core: { folders: ['core'], packages: false },
  app: { folders: ['core', 'app'], packages: false },
  edge: { folders: ['core', 'app', 'edge'], packages: true },
  emulator: { folders: ['core', 'emulator'], packages: true },
  functions: { folders: ['core', 'app', 'edge', 'functions'], packages: true },
  cli: { folders: ['core', 'app', 'cli', 'emulator', '.'], packages: true },
};

/** Top-level files that are deployed or shared, and so must not pull the pretend cloud in. */
const WITHOUT_EMULATOR = ['wire.ts', 'functions.ts', 'cli.ts'];

/** Reading time, the process or the network where a port should be used. */
const WORLD =
  /\b(?:process\.|Date\.now|new Date\(\)|performance\.now|fetch\(|setTimeout|setInterval|console\.(?:log|error|warn)|Math\.random)/;

/** Violations of the import rules in `files` (path below `src` to source text), one sentence each. */
export function importViolations(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files].flatMap(([path, source]) => [
    ...importsOf(source).flatMap((target) => violation(path, target)),
    ...(/^(core|app)\//.test(path) && WORLD.test(source)
      ? [`${path} touches the world: ${WORLD.exec(source)?.[0]}`]
      : []),
  ]);
}

function violation(path: string, target: string): readonly string[] {
  const folder = folderOf(path);
  const rule = RULES[folder];
  if (!target.startsWith('.')) return rule?.packages === false ? [`${path} imports the package ${target}`] : [];
  const targetFolder = folderOf(resolve(path, target));
  if (rule !== undefined)
    return rule.folders.includes(targetFolder) ? [] : [`${path} imports ${targetFolder} (${target})`];
  return WITHOUT_EMULATOR.includes(path) && targetFolder === 'emulator' ? [`${path} imports emulator (${target})`] : [];
}

export function importsOf(source: string): readonly string[] {
  return [...source.matchAll(/\bfrom\s+'([^']+)'|\bimport\(\s*'([^']+)'|^import\s+'([^']+)'/gm)].map(
    (found) => found[1] ?? found[2] ?? found[3] ?? '',
  );
}

function folderOf(path: string): string {
  const [folder = '', ...rest] = path.split('/');
  return rest.length === 0 ? '.' : folder;
}

function resolve(from: string, target: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const step of target.split('/')) {
    if (step === '..') parts.pop();
    else if (step !== '.') parts.push(step);
  }
  return parts.join('/');
}
