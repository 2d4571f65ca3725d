type Environment = Readonly<Record<string, string | undefined>>;

/** Where a program has an account of its own at Google, by the variables that the place itself sets or a person does. */
const PLACES: readonly { readonly variable: string; readonly says: string }[] = [
  { variable: 'K_SERVICE', says: 'it runs on Cloud Run or Cloud Functions, as a service account' },
  { variable: 'CLOUD_RUN_JOB', says: 'it is a job of Cloud Run, which runs as a service account' },
  { variable: 'CLOUD_RUN_WORKER_POOL', says: 'it is a worker pool of Cloud Run, which runs as a service account' },
  { variable: 'GAE_SERVICE', says: 'it runs on App Engine, as a service account' },
  { variable: 'GOOGLE_APPLICATION_CREDENTIALS', says: 'it has Google credentials already' },
];

/** Why a program could do without a key, where something of it shows; nothing where nothing does. */
export function whyNoKeyIsNeeded(environment: Environment): string | undefined {
  return PLACES.find(({ variable }) => (environment[variable] ?? '') !== '')?.says;
}
