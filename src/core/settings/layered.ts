type Texts = Readonly<Record<string, string | undefined>>;

/** Where a setting comes from; whatever has no entry has its default. What a flag says goes before all of these. */
export type Origin = 'variable' | 'file' | 'gcloud';

/** Settings of several sources as one environment. */
export interface Layered {
  readonly environment: Texts;
  readonly origins: Readonly<Record<string, Origin>>;
  /** Settings of the file that a variable sets to something else. */
  readonly overruled: readonly string[];
  /** Why the file is not used, where it is not. */
  readonly unused?: string | undefined;
}

/** Both name the projects, and the first goes before the second. */
const PROJECTS = ['KEY_WARDEN_PROJECTS', 'GOOGLE_CLOUD_PROJECT'] as const;

/**
 * Variables before the file, the file before gcloud's own project. A file is of a real deployment, so beside a pretend cloud
 * neither it nor gcloud counts: nothing of the one world is done in the other.
 */
export function layered(variables: Texts, file: Texts, gcloudProject: string | undefined): Layered {
  const isSet = (name: string) => variables[name] !== undefined;
  const known = Object.fromEntries(
    Object.entries(variables).flatMap(([name, text]) =>
      text !== undefined && (name.startsWith('KEY_WARDEN_') || PROJECTS.some((one) => one === name))
        ? [[name, 'variable' as const]]
        : [],
    ),
  );
  if (isSet('KEY_WARDEN_EMULATOR'))
    return {
      environment: variables,
      origins: known,
      overruled: [],
      ...(Object.keys(file).length === 0
        ? {}
        : { unused: 'KEY_WARDEN_EMULATOR is set, and it is of a real deployment' }),
    };
  const names = PROJECTS.find(isSet);
  const winner = (name: string) => (name === PROJECTS[0] && names !== undefined ? names : name);
  const taken = Object.entries(file).filter(([name]) => !isSet(winner(name)));
  const overruled = Object.keys(file).filter((name) => isSet(winner(name)) && variables[winner(name)] !== file[name]);
  const isNamed = names !== undefined || file[PROJECTS[0]] !== undefined;
  const fromGcloud = isNamed || gcloudProject === undefined ? {} : { [PROJECTS[0]]: gcloudProject };
  return {
    environment: { ...fromGcloud, ...Object.fromEntries(taken), ...variables },
    origins: {
      ...Object.fromEntries(Object.keys(fromGcloud).map((name) => [name, 'gcloud' as const])),
      ...Object.fromEntries(taken.map(([name]) => [name, 'file' as const])),
      ...known,
    },
    overruled,
  };
}
