import { isRecord } from '../../src/core/values/json.ts';
import { PROJECT, type Heard, type TestCloud } from './cloud.ts';

export const PLACE = `projects/${PROJECT}/locations/europe-west1`;
export const ACCOUNT = `app@${PROJECT}.iam.gserviceaccount.com`;

/** A variable from a secret, in the form of Cloud Run. */
export function variable(name: string, secret: string, version: string) {
  return { name, valueSource: { secretKeyRef: { secret, version } } };
}

/** A template of revisions that runs as `ACCOUNT`. */
export function template(env: readonly unknown[], more: Readonly<Record<string, unknown>> = {}) {
  return { serviceAccount: ACCOUNT, containers: [{ image: 'app', env }], ...more };
}

/** A template that reads a secret as a file below `/secrets`. */
export function fileTemplate(secret: string, version: string) {
  return {
    serviceAccount: ACCOUNT,
    containers: [{ image: 'app', volumeMounts: [{ name: 'keys', mountPath: '/secrets' }] }],
    volumes: [{ name: 'keys', secret: { secret, items: [{ path: 'key', version }] } }],
  };
}

/** Lets `ACCOUNT` read the secrets of the project. */
export async function mayRead(cloud: TestCloud): Promise<void> {
  const member = `serviceAccount:${ACCOUNT}`;
  cloud.iam.grant(PROJECT, member, 'roles/secretmanager.secretAccessor');
}

/** Makes a service, and gives the operation. */
export async function deploy(cloud: TestCloud, id: string, service: unknown): Promise<Heard> {
  return cloud.ask('POST', `/v2/${PLACE}/services?serviceId=${id}`, { body: service });
}

/** The JSON at a path, which must be there. */
export async function seen(cloud: TestCloud, path: string): Promise<Readonly<Record<string, unknown>>> {
  const json = (await cloud.ask('GET', path)).json();
  if (!isRecord(json)) throw new Error(`nothing at ${path}`);
  return json;
}
