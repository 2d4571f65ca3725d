type Environment = Readonly<Record<string, string | undefined>>;

/** What became of a variable in a build: it is not there, something is around its value, or its key is not the current one. */
export type VariableTrouble = 'absent' | 'unclean' | 'behind';

/** A build server as far as a key in a variable goes: where the value is set, and what comes to a build otherwise than to this machine. */
interface BuildServer {
  readonly title: string;
  /** Its own sign among the variables of a build. */
  readonly isHere: (environment: Environment) => boolean;
  /** Which setting feeds a variable of this name. */
  readonly setting: (name: string) => string;
  readonly says: Readonly<Record<VariableTrouble, (environment: Environment) => readonly string[]>>;
}

/** From each vendor's papers on variables; of none was an account asked. */
const SERVERS: readonly BuildServer[] = [
  {
    title: 'GitHub Actions',
    isHere: ({ GITHUB_ACTIONS }) => GITHUB_ACTIONS === 'true',
    setting: (name) =>
      `a secret under Settings, Secrets and variables, Actions, which the workflow hands on by name: env: ${name}: \${{ secrets.${name} }}`,
    says: {
      absent: ({ GITHUB_EVENT_NAME: event, GITHUB_ACTOR: actor }) => [
        ...(actor === 'dependabot[bot]'
          ? ['Dependabot began this run, and has secrets of its own beside those of Actions']
          : []),
        ...(event === 'pull_request' ? ['this run is of a pull request, and one from a fork gets no secrets'] : []),
        'a secret that does not exist is an empty text there and no error; one of an environment takes environment: in the job, and a reusable workflow takes secrets: inherit',
      ],
      unclean: () => [
        'a line end that was pasted with the secret comes along, and the log hides it with the value: set it anew from a pipe (gh secret set)',
      ],
      behind: () => [
        'no rotation reaches a secret that was copied there: set it anew, or have the workflow read Secret Manager',
      ],
    },
  },
  {
    title: 'GitLab CI/CD',
    isHere: ({ GITLAB_CI }) => GITLAB_CI === 'true',
    setting: (name) => `the variable ${name} under Settings, CI/CD, Variables, of the project or of a group above it`,
    says: {
      absent: ({
        CI_COMMIT_REF_PROTECTED: isProtected,
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID: source,
        CI_MERGE_REQUEST_PROJECT_ID: target,
      }) => [
        ...(isProtected === 'false'
          ? ['this branch or tag is not protected, and protected variables are not passed to it']
          : []),
        ...(source !== target
          ? ['this merge request is from a fork, which has the variables of its own project alone']
          : []),
        'a variable with an environment scope takes environment: in the job',
      ],
      unclean: () => [
        'a value with a line end in it cannot be masked there, so it stands in logs: set it anew as one line. A variable of type File holds the path of a file: name that with --from file:PATH',
      ],
      behind: () => [
        'no rotation reaches a variable that was copied there: set it anew, or have the job read Secret Manager',
      ],
    },
  },
  {
    title: 'Jenkins',
    isHere: ({ JENKINS_URL, BUILD_NUMBER }) => JENKINS_URL !== undefined && BUILD_NUMBER !== undefined,
    setting: (name) =>
      `a credential of kind Secret text, bound by withCredentials([string(credentialsId: 'ID', variable: '${name}')])`,
    says: {
      absent: () => [
        'what is bound is there inside the block of withCredentials alone: run key-warden in it, and in single quotes',
      ],
      unclean: () => [
        'the log hides what is bound, so it does not show what is around it. A credential of kind Secret file gives the path of a file: name that with --from file:PATH. One of kind Username with password gives both, with a colon between',
      ],
      behind: () => [
        'no rotation reaches a credential that was copied there: set it anew, or have the job read Secret Manager',
      ],
    },
  },
];

/** What a build server has to do with a variable's trouble, one sentence each; nothing where none is known to be here. */
export function onBuildServer(environment: Environment, name: string, trouble: VariableTrouble): readonly string[] {
  const server = SERVERS.find(({ isHere }) => isHere(environment));
  if (server === undefined) return [];
  return [`${name} comes from ${server.title}: ${server.setting(name)}`, ...server.says[trouble](environment)];
}
