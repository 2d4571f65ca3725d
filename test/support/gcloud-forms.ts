/** How many names a command takes, and its flags: from the reference at https://cloud.google.com/sdk/gcloud/reference. */
interface Form {
  readonly names: number;
  readonly flags: readonly string[];
}

const SECRET = ['location', 'project'] as const;

/** The commands of gcloud that we print. */
const FORMS: Readonly<Record<string, Form>> = {
  'auth application-default login': { names: 0, flags: [] },
  'billing projects describe': { names: 1, flags: [] },
  'compute addresses list': { names: 0, flags: ['project'] },
  'billing projects link': { names: 1, flags: ['billing-account'] },
  'iam service-accounts add-iam-policy-binding': { names: 1, flags: ['member', 'role', 'project'] },
  'iam service-accounts enable': { names: 1, flags: ['project'] },
  'iam service-accounts list': { names: 0, flags: ['project'] },
  'projects describe': { names: 1, flags: [] },
  'projects undelete': { names: 1, flags: [] },
  'secrets add-iam-policy-binding': { names: 1, flags: ['member', 'role', ...SECRET] },
  'secrets create': { names: 1, flags: ['replication-policy', 'labels', ...SECRET] },
  'secrets describe': { names: 1, flags: SECRET },
  'secrets list': { names: 0, flags: SECRET },
  'secrets update': {
    names: 1,
    flags: [
      'update-version-aliases',
      'remove-version-aliases',
      'remove-annotations',
      'remove-labels',
      'remove-expiration',
      ...SECRET,
    ],
  },
  'secrets versions add': { names: 1, flags: ['data-file', ...SECRET] },
  'secrets versions disable': { names: 1, flags: ['secret', ...SECRET] },
  'secrets versions enable': { names: 1, flags: ['secret', ...SECRET] },
  'secrets versions list': { names: 1, flags: SECRET },
  'services api-keys create': { names: 0, flags: ['display-name', 'service-account', 'api-target', 'project'] },
  'services api-keys delete': { names: 1, flags: ['project'] },
  'services api-keys describe': { names: 1, flags: ['project'] },
  'services api-keys list': { names: 0, flags: ['show-deleted', 'project'] },
  'services api-keys undelete': { names: 1, flags: ['project'] },
  'services api-keys update': { names: 1, flags: ['api-target', 'allowed-ips', 'project'] },
  'services enable': { names: 1, flags: ['project'] },
};

/** What gcloud would say against the words after its name; `undefined` when nothing. */
export function gcloudComplaint(words: readonly string[]): string | undefined {
  const line = words.join(' ');
  const [verb, form] = Object.entries(FORMS).find(([start]) => line === start || line.startsWith(`${start} `)) ?? [];
  if (verb === undefined || form === undefined) return `no such command: ${line}`;
  const rest = words.slice(verb.split(' ').length);
  const names = rest.filter((word) => !word.startsWith('--'));
  if (names.length !== form.names) return `${verb} takes ${form.names} names, and got ${names.join(' ') || 'none'}`;
  const wrong = rest
    .filter((word) => word.startsWith('--'))
    .find((word) => !form.flags.includes(word.slice(2).split('=')[0] ?? ''));
  return wrong === undefined ? undefined : `${verb} has no ${wrong}`;
}
