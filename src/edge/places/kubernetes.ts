import { execFile } from 'node:child_process';
import process from 'node:process';
import { Fault } from '../../app/ports/fault.ts';
import { isRecord, parseRecord } from '../../core/values/json.ts';

/** One value of a Kubernetes secret. */
export interface KubernetesSecret {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

/** A secret holds one MiB at most, and base64 and JSON are around it. */
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/**
 * Asks kubectl, in whose current context the cluster and its credentials are, be they a plugin's: the client for Node is fifty
 * times as big as all of this. Only names go into its words; the value comes back through a pipe.
 */
export async function kubernetesValue(
  { namespace, name, key }: KubernetesSecret,
  kubectl = 'kubectl',
): Promise<Uint8Array> {
  const title = `the Kubernetes secret ${namespace}/${name}`;
  // by its address: nothing else of the cluster's is asked for, as a list of all it has would be
  const words = ['get', '--raw', `/api/v1/namespaces/${namespace}/secrets/${name}`, '--request-timeout', '15s'];
  const secret = parseRecord(await outputOf(kubectl, words, title));
  if (secret === undefined) throw new Fault('unavailable', `kubectl answered about ${title} with no JSON.`);
  const values = isRecord(secret['data']) ? secret['data'] : {};
  const value = values[key];
  if (typeof value === 'string') return Buffer.from(value, 'base64');
  const there = Object.keys(values).join(', ');
  throw new Fault('not_found', `There is no ${key} in ${title}. It has: ${there === '' ? 'nothing' : there}.`);
}

function outputOf(kubectl: string, words: readonly string[], title: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { encoding: 'utf8', maxBuffer: OUTPUT_BYTES_MAX, timeout: TIMEOUT_MS, env: process.env } as const;
    execFile(kubectl, words, options, (trouble, printed, complaint) => {
      if (trouble === null) resolve(printed);
      // not the error itself: it keeps what was printed
      else reject(trouble.code === 'ENOENT' ? notThere(kubectl) : faultOf(complaint, title));
    });
  });
}

function notThere(kubectl: string): Fault {
  return new Fault(
    'invalid',
    `There is no ${kubectl} here, which asks Kubernetes for us. Install it: https://kubernetes.io/docs/tasks/tools`,
  );
}

/** What kubectl says of a refusal; the sentences are its own, and nothing of them is shown. */
function faultOf(complaint: string, title: string): Fault {
  const told = TROUBLES.find(({ says }) => says.test(complaint));
  if (told !== undefined) return new Fault(told.code, told.words(title));
  return new Fault('unavailable', `kubectl could not read ${title}. Ask it yourself: kubectl auth can-i get secrets.`);
}

const TROUBLES: readonly {
  readonly code: Fault['code'];
  readonly says: RegExp;
  readonly words: (title: string) => string;
}[] = [
  {
    code: 'not_found',
    says: /\(NotFound\)/,
    words: (title) =>
      `There is no ${title} in this cluster. Look at the names, and at the context: kubectl config current-context.`,
  },
  {
    code: 'denied',
    says: /\(Forbidden\)/,
    words: (title) =>
      `Whoever asks may not read ${title}. It takes a role with the verb get on secrets in that namespace.`,
  },
  {
    code: 'unauthenticated',
    says: /\(Unauthorized\)|must be logged in|getting credentials|provide credentials/,
    words: (title) =>
      `The cluster does not know who asks for ${title}. Sign in to it, and look at kubectl config current-context.`,
  },
  {
    code: 'limited',
    says: /\(TooManyRequests\)/,
    words: (title) => `The cluster is asked too often to answer about ${title}. Ask again in a minute.`,
  },
  {
    code: 'invalid',
    says: /context was not found|context .* does not exist|no configuration has been provided|localhost:8080 was refused/,
    words: (title) => `kubectl knows no cluster in which ${title} could be. Name one: kubectl config use-context NAME.`,
  },
  {
    code: 'unavailable',
    says: /Unable to connect|was refused|no such host|timed? ?out|deadline exceeded/i,
    words: (title) => `The cluster with ${title} was not reached. Is there a way to it from here, a VPN perhaps?`,
  },
];
