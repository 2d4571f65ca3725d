/** What `--help` of each command begins with; a test runs every one of them through the parser. */
export const EXAMPLES = {
  check: [
    'key-warden check --project search-prod',
    'key-warden check app-key --deep --json',
    'key-warden check app-key --from env:GEMINI_API_KEY',
    'key-warden check --project search-prod --annotations github',
  ],
  status: [
    'key-warden status --project search-prod',
    'key-warden status --failing',
    'key-warden status --due 30d --csv',
    'key-warden status --secret app-key --json',
    'key-warden status --html status.html',
  ],
  history: ['key-warden history app-key', 'key-warden history --since 90d --csv'],
  consumers: [
    'key-warden consumers app-key --project search-prod',
    'key-warden consumers --secret projects/search-prod/secrets/app-key --project search-web --json',
  ],
  inventory: [
    'key-warden inventory',
    'key-warden inventory --project search-prod --project ads-prod --csv',
    'key-warden inventory --html keys.html',
  ],
  migrate: [
    'key-warden migrate',
    'key-warden migrate --begin --service-account gemini-app@search-prod.iam.gserviceaccount.com',
    'key-warden migrate --json',
  ],
  explain: [
    'key-warden explain "Unauthenticated: 401 API key invalid"',
    'key-warden explain "403 Your API key was reported as leaked" --secret app-key --project search-prod',
    'curl … | key-warden explain --status 400 --json',
  ],
  runbook: ['key-warden runbook', 'key-warden runbook key_leaked', 'key-warden runbook a key is dead or blocked'],
  find: [
    'printf %s "$KEY" | key-warden find --from-stdin --project search-prod',
    'cat handed-keys | key-warden find --from-stdin --json',
  ],
  get: [
    'KEY="$(key-warden get app-key --project search-prod)"',
    'key-warden get --secret app-config --field /gemini/apiKey --project search-prod | some-helper',
  ],
  exec: [
    'key-warden exec --secret app-key --project search-prod -- node server.js',
    'key-warden exec --secret app-key --file /dev/shm/gemini --signal SIGHUP -- nginx -g "daemon off;"',
  ],
  doctor: [
    'key-warden doctor',
    'key-warden doctor --secret app-key --file /var/run/secrets/gemini',
    'key-warden doctor --secret app-key --from aws-sm:app/gemini --from k8s:web/gemini#api-key',
    'key-warden doctor --pid 4711 --dotenv /srv/app/.env',
    'key-warden doctor --project search-prod --region europe-west1',
    'key-warden doctor --deployment --project search-prod --region europe-west1',
    'key-warden doctor --json --compare-with blue-otter',
    'key-warden doctor --compare laptop.json server.json',
  ],
  init: [
    'key-warden init --secret app-key --project search-prod',
    'key-warden init --filter labels.team=search --project search-prod --dry-run',
    'key-warden init --from-file names.txt --project search-prod',
  ],
  forget: [
    'key-warden forget --secret app-key --project search-prod',
    'key-warden forget --all --project search-prod --dry-run',
  ],
  rotate: [
    'key-warden rotate --secret app-key --dry-run',
    'key-warden rotate --secret app-key --wait',
    'printf %s "$KEY" | key-warden rotate --secret app-key --from-stdin',
    'key-warden rotate --secret app-key --service-account app@PROJECT.iam.gserviceaccount.com',
  ],
  rollback: ['key-warden rollback --secret app-key', 'key-warden rollback --secret app-key --wait'],
  resume: ['key-warden resume --secret app-key', 'key-warden resume --secret app-key --cut-off-users'],
  abort: ['key-warden abort --secret app-key'],
  reach: ['key-warden reach --dry-run', 'key-warden reach --secret app-key --project search-prod --again'],
  purge: ['key-warden purge --dry-run', 'key-warden purge --project search-prod --json'],
  revoke: [
    'key-warden revoke --secret app-key',
    'key-warden revoke --secret app-key --confirm 7b2f0c1e-0000-4000-8000-000000000001',
  ],
  silence: [
    'key-warden silence --secret app-key --until 4h --reason "moving to a new project"',
    'key-warden silence --secret app-key --end',
    'key-warden silence --outages --project search-prod --until 2h --reason "billing is being moved"',
    'key-warden silence --project search-prod --json',
  ],
  alert: ['key-warden alert test', 'key-warden alert test --channel ops --json'],
  configPull: [
    'key-warden config pull --project ops-prod --region europe-west1',
    'key-warden config pull --project ops-prod --region europe-west1 --deployment gemini-warden --dry-run',
  ],
  configShow: ['key-warden config show', 'key-warden config show --json'],
  emulator: ['key-warden emulator', 'key-warden emulator --port 0 --empty --project my-project'],
  drill: ['key-warden drill', 'key-warden drill leak pinned --json'],
  completion: ['key-warden completion bash', 'key-warden completion fish'],
  demo: ['key-warden demo', 'NO_COLOR=1 key-warden demo'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
