/** Steps that several causes share, so that one correction reaches all of them. */

/** Ends every episode: the same question as the scheduled check, asked now. */
export const CHECK_AGAIN = 'Ask again now: `key-warden check --secret {secret}`.';

/** First move when the answer alone does not say where the trouble is. */
export const COMPARE =
  'Compare the key here, in the environment and in the secret: `key-warden doctor --secret {secret}`.';

/** Auth keys only: since May 2026 AI Studio issues nothing else (ai.google.dev/gemini-api/docs/api-key). */
export const MAKE_KEY =
  'Make a key at https://aistudio.google.com/app/apikey, or: `gcloud services api-keys create --display-name={secret} --service-account=SERVICE_ACCOUNT_EMAIL --api-target=service=generativelanguage.googleapis.com --project={project}`.';

/** The key goes in through a prompt and a pipe: an argument would show it to `ps` and to the shell's history. */
export const PROVE_KEY =
  "Prove it before anybody reads it, allowing a new key some minutes: `read -rs NEW_KEY; printf 'x-goog-api-key: %s' \"$NEW_KEY\" | curl -sS -H @- 'https://generativelanguage.googleapis.com/v1beta/models?pageSize=1'`.";

/** `printf %s` and not `echo`: a trailing newline becomes part of the key. */
export const STORE_KEY =
  'Store it; readers of `latest` have it from that moment: `printf %s "$NEW_KEY" | gcloud secrets versions add {secret} --data-file=- --project={project}`.';

/** Readers of the alias keep the old key until it is moved. */
export const POINT_CURRENT =
  'Where consumers read the alias, move it to the new number: `gcloud secrets update {secret} --update-version-aliases=current=NEW_VERSION --project={project}`.';

const ROTATE =
  'Rotate: `key-warden rotate --secret {secret}`; where it asks for a service account (old keys, AIza…), add --service-account=SERVICE_ACCOUNT_EMAIL. Without key-warden, by hand:';

/** Rotation, then the same by hand for an installation that cannot rotate yet. */
export const REPLACE_KEY = [ROTATE, MAKE_KEY, PROVE_KEY, STORE_KEY, POINT_CURRENT, CHECK_AGAIN] as const;

export const SHOW_RESTRICTIONS =
  'See what the key may do: `gcloud services api-keys list --project={project}`, then `gcloud services api-keys describe {key} --project={project}`.';

export const SHOW_VERSIONS = 'See the versions: `gcloud secrets versions list {secret} --project={project}`.';

/** Restriction and API changes take effect within minutes (the API's own messages say so for enabling). */
export const WAIT_AND_CHECK = 'Wait a few minutes for it to take effect, then: `key-warden check --secret {secret}`.';
