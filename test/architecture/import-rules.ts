/** What a folder of `src` may import: other folders, and whether packages and Node's own modules are allowed. */
interface Rule {
  readonly folders: readonly string[];
  readonly packages: boolean | readonly string[];
}

/** The folder name is the import rule. Top-level files of `src` put everything together and are not listed. */
const RULES: Readonly<Record<string, Rule>> = {
  core: { folders: ['core'], packages: false },
  // a hash is computed at once and touches nothing; the one that needs no module answers in real time, whatever clock is injected
  app: { folders: ['core', 'app'], packages: ['node:crypto'] },
  edge: { folders: ['core', 'app', 'edge'], packages: true },
  emulator: { folders: ['core', 'emulator'], packages: true },
  functions: { folders: ['core', 'app', 'edge', 'functions'], packages: true },
  cli: { folders: ['core', 'app', 'cli', 'emulator', '.'], packages: true },
};

/** Rooms of a folder of which each may import itself and those before it: what is further right knows more. */
const CORE_ROOMS = [
  'values',
  'calendar',
  'google',
  'consumers',
  'key',
  'causes',
  'record',
  'classify',
  'rotation',
  'health',
  'survey',
  'fleet',
  'inventory',
  'use',
  'alerts',
  'settings',
] as const;

/** Of each room, the others that it may import. */
type Rooms = Readonly<Record<string, readonly string[]>>;

/** What is at the bottom of a service of Google's, of ours, and of the pretend cloud. */
const EDGE_BASE = ['http', 'google'];
const CLOUD_BASE = ['wire', 'world'];
const SERVICES = [
  'secret-manager',
  'api-keys',
  'gemini',
  'monitoring',
  'pubsub',
  'scheduler',
  'key-rules',
  'shelf',
  'logging',
  'run',
  'functions-admin',
  'instances',
  'assets',
];

/**
 * What each room may import besides itself, folder by folder; no circle can arise. `.` stands for files that have no room.
 * Check, rotation and purge never import each other: what two of them need is a room before them, or a port.
 */
export const ROOMS: Readonly<Record<string, Rooms>> = {
  core: Object.fromEntries(CORE_ROOMS.map((room, at) => [room, CORE_ROOMS.slice(0, at)])),
  app: {
    ports: [],
    listing: ['ports'],
    consumers: ['ports', 'listing'],
    probe: ['ports', 'listing'],
    keys: ['ports'],
    reach: ['ports', 'listing', 'consumers'],
    approval: ['ports', 'listing', 'consumers'],
    check: ['ports', 'listing', 'probe'],
    rotation: ['ports', 'listing', 'consumers', 'probe', 'keys', 'reach', 'approval'],
    purge: ['ports', 'listing', 'probe', 'keys'],
    reconcile: ['ports', 'listing', 'keys', 'rotation', 'purge'],
    alerts: ['ports', 'listing'],
    doctor: ['ports', 'listing', 'probe', 'keys'],
    rehearsal: ['ports', 'listing', 'consumers', 'keys', 'rotation', 'reach'],
    'on-record': ['ports', 'listing', 'rotation'],
    inventory: ['ports', 'listing', 'keys'],
    migration: ['ports', 'listing', 'keys', 'inventory'],
    page: ['listing', 'consumers', 'on-record', 'inventory'],
    audit: ['ports', 'listing', 'keys', 'alerts', 'on-record'],
    use: ['ports', 'listing'],
  },
  edge: {
    http: [],
    google: ['http'],
    'secret-manager': EDGE_BASE,
    'api-keys': EDGE_BASE,
    gemini: EDGE_BASE,
    monitoring: EDGE_BASE,
    pubsub: EDGE_BASE,
    webhooks: EDGE_BASE,
    mail: [...EDGE_BASE, 'webhooks'],
    doctor: EDGE_BASE,
    places: [],
    functions: EDGE_BASE,
    run: EDGE_BASE,
    assets: EDGE_BASE,
    process: [],
  },
  emulator: {
    wire: [],
    world: ['wire'],
    ...Object.fromEntries(SERVICES.map((service) => [service, CLOUD_BASE])),
    control: [...CLOUD_BASE, ...SERVICES],
    server: [...CLOUD_BASE, ...SERVICES, 'control'],
    showcase: [...CLOUD_BASE, 'server'],
  },
  cli: { show: [], commands: ['show'], program: ['show', 'commands'], '.': ['show', 'program', 'commands'] },
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
    ...homeless(path),
    ...(/^(core|app)\//.test(path) && WORLD.test(source)
      ? [`${path} touches the world: ${WORLD.exec(source)?.[0]}`]
      : []),
  ]);
}

function allows(rule: Rule | undefined, name: string): boolean {
  const packages = rule?.packages ?? true;
  return typeof packages === 'boolean' ? packages : packages.includes(name);
}

function violation(path: string, target: string): readonly string[] {
  const folder = folderOf(path);
  const rule = RULES[folder];
  if (!target.startsWith('.')) return allows(rule, target) ? [] : [`${path} imports the package ${target}`];
  const targetFolder = folderOf(resolve(path, target));
  if (rule !== undefined && !rule.folders.includes(targetFolder))
    return [`${path} imports ${targetFolder} (${target})`];
  if (folder === targetFolder) return roomViolation(path, resolve(path, target));
  if (rule !== undefined) return [];
  return WITHOUT_EMULATOR.includes(path) && targetFolder === 'emulator' ? [`${path} imports emulator (${target})`] : [];
}

/** A file of a folder with rooms may import its own room and those that its room names. */
function roomViolation(path: string, target: string): readonly string[] {
  const rooms = ROOMS[folderOf(path)];
  if (rooms === undefined) return [];
  const [room, targetRoom] = [roomOf(path), roomOf(target)];
  return room === targetRoom || mayImport(rooms, room, targetRoom) ? [] : [`${path} imports the room ${targetRoom}`];
}

function mayImport(rooms: Rooms, room: string, target: string): boolean {
  return (rooms[room] ?? []).includes(target);
}

/** A new room is a decision: what it may import is written down here first. */
function homeless(path: string): readonly string[] {
  const rooms = ROOMS[folderOf(path)];
  if (rooms === undefined || Object.hasOwn(rooms, roomOf(path))) return [];
  return [`${path} stands in no room that has a rule: known are ${Object.keys(rooms).join(', ')}`];
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

function roomOf(path: string): string {
  const [, room = '', ...rest] = path.split('/');
  return rest.length === 0 ? '.' : room;
}

function resolve(from: string, target: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const step of target.split('/')) {
    if (step === '..') parts.pop();
    else if (step !== '.') parts.push(step);
  }
  return parts.join('/');
}
