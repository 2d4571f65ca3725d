import { command, type Command } from '../values/command.ts';
import { BINDING_ROLE } from '../google/key-rules.ts';
import { ADD_VERSION, GEMINI_API } from '../google/gcloud.ts';

/** Our own commands, as remedies, alerts and the command line print them. */
export const CHECK = command('key-warden check {scope}');
/** Sees what listing models does not: billing, credit, caps, quota, bans. Spends a token. */
export const CHECK_DEEP = command('key-warden check --deep {scope}');
export const STATUS = command('key-warden status {scope}');
/** Who shares a key with whom. */
export const STATUS_HOLDERS = command('key-warden status --secret {secretName} --holders');
export const STATUS_OF_ALL = command('key-warden status');
export const DOCTOR = command('key-warden doctor --secret {secretName}');
export const EXPLAIN_FILE: Command = { ...command('key-warden explain'), reads: 'answerFile' };
export const ROTATE = command('key-warden rotate --secret {secretName} {account}');
/** For somebody else than who asked: lets a planned rotation begin that does what was told, and nothing else. */
export const APPROVE = command('key-warden approve --secret {secretName} --plan {plan}');
/** Approves all that one message asked for. */
export const APPROVE_ALL = command('key-warden approve --group {group}');
/** Says what a rotation would do and whom it would touch, and does nothing. */
export const ROTATE_PREVIEW = command('key-warden rotate --dry-run --secret {secretName}');
export const ROTATE_AT_ONCE = command('key-warden rotate --secret {secretName} --emergency {account}');
/** Rotates to a key that is bound to the account that is named. */
export const ROTATE_TO_ACCOUNT = command('key-warden rotate --secret {secretName} --service-account={serviceAccount}');
/** Rotates although the new key is good for fewer APIs. */
export const ROTATE_NARROWER = command('key-warden rotate --secret {secretName} --drop-targets');
/** Rotates to a key that the reader has; it comes by a pipe. */
export const ROTATE_TO_GIVEN: Command = {
  ...command('key-warden rotate --secret {secretName} --from-stdin'),
  key: { variable: 'KEY', asks: false },
};
/** Which secrets hold a key that the reader has; it comes by a pipe. */
export const FIND_KEY: Command = {
  ...command('key-warden find --from-stdin'),
  key: { variable: 'KEY', asks: false },
};
/** Rotates to the key alone, whatever stood around the old one, which hands no account on. */
export const WRITE_KEY_ALONE = command(
  'key-warden rotate --secret {secretName} --replace {version} --form bare --service-account={serviceAccount}',
);
/** Says which keys of a secret can be deleted at their issuer whoever reads them; with the uid of one it deletes that one. */
export const REVOKE = command('key-warden revoke --secret {secretName}');
export const REVOKE_KEY = command('key-warden revoke --secret {secretName} --confirm {keyUid}');
export const INVENTORY = command('key-warden inventory');
/** The same of the keys of one project. */
export const INVENTORY_OF = command('key-warden inventory --project {keyProject}');
/** Forgets what scheduled inventories have told. */
export const REMOVE_INVENTORY = command(
  'gcloud secrets update {secret} --remove-annotations=key-warden.inventory {regional} --project={project}',
);
/** The next wave of the plan for all legacy keys, and the plan that gives other APIs up. */
export const MIGRATE_BEGIN = command('key-warden migrate --begin {account}');
export const MIGRATE_NARROWER = command('key-warden migrate --drop-targets');
/** Who reads a secret. */
export const CONSUMERS = command('key-warden consumers --secret {secretName}');
export const ROLLBACK = command('key-warden rollback --secret {secretName}');
export const RESUME = command('key-warden resume --secret {secretName}');
/** Ends a drain that is held because the old key is still used. */
export const CUT_OFF_USERS = command('key-warden resume --secret {secretName} --cut-off-users');
export const ABORT = command('key-warden abort --secret {secretName}');
export const PURGE = command('key-warden purge {scope}');
export const PURGE_PREVIEW = command('key-warden purge --dry-run {scope}');
/** Brings the new key to consumers that did not come up with it. */
export const REACH_AGAIN = command('key-warden reach --secret {secretName} --again');
export const INIT = command('key-warden init --secret {secretName}');
/** Says which field of the stored value holds the key. */
export const NAME_KEY_FIELD = command('key-warden init --secret {secretName} --key-field {keyField}');
export const INIT_IN_PROJECT = command('key-warden init --secret {secret} --project {project}');
export const FORGET_IN_PROJECT = command('key-warden forget --secret {secret} --project {project}');
/** For somebody who has seen an alert and is at work on it: it is told to all channels, and ends by itself. */
export const ACKNOWLEDGE = command('key-warden silence --secret {secretName} --until 4h --reason acknowledged');
export const ACKNOWLEDGE_ALL = command('key-warden silence {scope} --until 4h --reason acknowledged');
export const END_SILENCE = command('key-warden silence --end --secret {secretName}');
export const LIFT_FREEZE = command('key-warden unfreeze {scope}');
export const END_WIDE_SILENCE = command('key-warden silence --end {scope}');

/** Of a secret, by its owner. */
export const ADD_NEW_KEY: Command = { ...ADD_VERSION, key: { variable: 'NEW_KEY', asks: false } };
export const LIST_VERSIONS = command('gcloud secrets versions list {secret} {regional} --project={project}');
export const ENABLE_VERSION = command(
  'gcloud secrets versions enable {version} --secret={secret} {regional} --project={project}',
);
export const DISABLE_VERSION = command(
  'gcloud secrets versions disable {version} --secret={secret} {regional} --project={project}',
);
export const POINT_AT_NEW = command(
  'gcloud secrets update {secret} --update-version-aliases=current={newVersion} {regional} --project={project}',
);
export const POINT_AT_GOOD = command(
  'gcloud secrets update {secret} --update-version-aliases=current={goodVersion} {regional} --project={project}',
);
export const STOP_MANAGING = command(
  'gcloud secrets update {secret} --remove-labels=key-warden {regional} --project={project}',
);
export const DESCRIBE_SECRET = command('gcloud secrets describe {secret} {regional} --project={project}');
/** The secret no longer has an end. */
export const KEEP_SECRET = command('gcloud secrets update {secret} --remove-expiration {regional} --project={project}');
export const REMOVE_ALIAS = command(
  'gcloud secrets update {secret} --remove-version-aliases={alias} {regional} --project={project}',
);
export const LIST_SECRETS = command('gcloud secrets list --project={project}');
export const LIST_REGIONAL_SECRETS = command('gcloud secrets list --location={region} --project={project}');
export const ENABLE_STORE = command('gcloud services enable secretmanager.googleapis.com --project={project}');
export const CREATE_SECRET = command(
  'gcloud secrets create {secret} {replication} --labels=key-warden=managed --project={project}',
);
/** A secret of the worker's own: no key is to be in it, so it is under nobody’s care. */
export const CREATE_OWN_SECRET = command('gcloud secrets create {secret} {replication} --project={project}');
export const GRANT_READING = command(
  'gcloud secrets add-iam-policy-binding {secret} --member={asker} --role=roles/secretmanager.secretAccessor {regional} --project={project}',
);

/** Which addresses a project calls from: those of its Cloud NAT are among them, also where Google chose them. */
export const LIST_ADDRESSES = command('gcloud compute addresses list --project={workerProject}');
/** By which address Google sees the machine that it is typed on. */
export const OWN_ADDRESS = command('dig +short TXT o-o.myaddr.l.google.com @ns1.google.com');

/** Of whoever looks: libraries take these credentials where nothing else is set. */
export const SIGN_IN = command('gcloud auth application-default login');

/** Of the key, in the project that owns it. */
export const LIST_KEYS = command('gcloud services api-keys list --project={keyProject}');
export const LIST_DELETED_KEYS = command('gcloud services api-keys list --show-deleted --project={keyProject}');
export const DESCRIBE_KEY = command('gcloud services api-keys describe {keyId} --project={keyProject}');
export const UNDELETE_KEY = command('gcloud services api-keys undelete {keyId} --project={keyProject}');
export const DELETE_KEY = command('gcloud services api-keys delete {keyId} --project={keyProject}');
export const CREATE_KEY = command(
  `gcloud services api-keys create --display-name={secret} --service-account={serviceAccount} --api-target=service=${GEMINI_API} --project={newKeyProject}`,
);
export const ALLOW_GEMINI = command(
  `gcloud services api-keys update {keyId} {apiTargets} --api-target=service=${GEMINI_API} --project={keyProject}`,
);
export const ALLOW_ADDRESSES = command(
  'gcloud services api-keys update {keyId} --allowed-ips={addresses} --project={keyProject}',
);
/** Lets somebody bind keys to an account. */
export const GRANT_BINDING = command(
  `gcloud iam service-accounts add-iam-policy-binding {serviceAccount} --member={asker} --role=${BINDING_ROLE}`,
);
export const ENABLE_ACCOUNT = command('gcloud iam service-accounts enable {serviceAccount}');
export const LIST_SERVICE_ACCOUNTS = command('gcloud iam service-accounts list --project={keyProject}');

/** Of the project that owns the key. */
export const ENABLE_API = command(`gcloud services enable ${GEMINI_API} --project={keyProject}`);
export const DESCRIBE_PROJECT = command('gcloud projects describe {keyProject}');
export const UNDELETE_PROJECT = command('gcloud projects undelete {keyProject}');
export const DESCRIBE_BILLING = command('gcloud billing projects describe {keyProject}');
export const LINK_BILLING = command('gcloud billing projects link {keyProject} --billing-account={billingAccount}');

/** Of the way to Google, which needs no key: refused for want of one, it was reached. */
export const REACH_GOOGLE = command(
  String.raw`curl -sS -o /dev/null -w %{http_code}\n https://${GEMINI_API}/v1beta/models`,
);

/** Proves a key before anybody reads it. */
export const TRY_NEW_KEY: Command = {
  ...command(`curl -sS -H @- https://${GEMINI_API}/v1beta/models?pageSize=1`),
  key: { variable: 'NEW_KEY', asks: true, before: 'x-goog-api-key: ' },
};
