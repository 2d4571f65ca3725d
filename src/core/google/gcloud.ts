import { command, type Command } from '../values/command.ts';

/** The API that Gemini keys are for, as `gcloud services` names it. */
export const GEMINI_API = 'generativelanguage.googleapis.com';

/** Adds a version to the secret; the key comes by a pipe. */
export const ADD_VERSION = command('gcloud secrets versions add {secret} --data-file=- {regional} --project={project}');

/** Stores a key again that somebody pastes, unseen. */
export const STORE_PASTED: Command = { ...ADD_VERSION, key: { variable: 'KEY', asks: true } };
