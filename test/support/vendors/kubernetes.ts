import { jsonStub, type Stub, type StubAnswer } from './loopback.ts';

/** What a cluster would hold, or how it refuses. */
export interface KubernetesHeld {
  /** By `NAMESPACE/NAME`: values as they are written, before base64. */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly refuses?: { readonly status: number; readonly reason: string };
}

/** A cluster's API as far as one secret is read: its own form of refusals, values under `data` in base64, and nothing else is served. */
export function kubernetesStub({ secrets = {}, refuses }: KubernetesHeld): Promise<Stub> {
  return jsonStub(({ method, url = '' }) => {
    if (refuses !== undefined) return refused(refuses.status, refuses.reason);
    const { pathname } = new URL(url, 'http://cluster');
    const [, namespace, name] = /^\/api\/v1\/namespaces\/([^/]+)\/secrets\/([^/]+)$/.exec(pathname) ?? [];
    if (method !== 'GET' || name === undefined) return refused(403, 'Forbidden');
    const values = secrets[`${namespace}/${name}`];
    if (values === undefined) return refused(404, 'NotFound');
    const data = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    );
    const metadata = { namespace, name, resourceVersion: '7' };
    return { status: 200, body: { kind: 'Secret', apiVersion: 'v1', type: 'Opaque', metadata, data } };
  });
}

function refused(code: number, reason: string): StubAnswer {
  const message = 'a text that nobody should rely on';
  return { status: code, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code } };
}
