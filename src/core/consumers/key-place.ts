/** The kinds of places besides Secret Manager that a key is read from; closed, and each a row of docs/places.md. */
export const PLACE_KINDS = ['env', 'file', 'k8s', 'aws-sm', 'aws-ssm', 'azure-kv'] as const;
type PlaceKind = (typeof PLACE_KINDS)[number];

/** A place of another vendor's, which answers only to its own client. */
export type StorePlace =
  | { readonly kind: 'k8s'; readonly namespace: string; readonly name: string; readonly key: string }
  | { readonly kind: 'aws-sm'; readonly id: string; readonly field: string | undefined }
  | { readonly kind: 'aws-ssm'; readonly name: string }
  | { readonly kind: 'azure-kv'; readonly vault: string; readonly name: string };

/** A place as `--from` names it: where it is, and of a document which part of it. */
export type KeyPlace =
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string; readonly variable: string | undefined }
  | StorePlace;

/** How each is written, for the help and for who got it wrong. */
export const PLACE_FORMS: Readonly<Record<PlaceKind, string>> = {
  env: 'env:NAME',
  file: 'file:PATH, or file:PATH#NAME of a .env file',
  k8s: 'k8s:NAMESPACE/NAME#KEY',
  'aws-sm': 'aws-sm:ID, or aws-sm:ID#FIELD of a JSON value',
  'aws-ssm': 'aws-ssm:PATH',
  'azure-kv': 'azure-kv:VAULT/NAME',
};

const VARIABLE = /^[A-Za-z_]\w*$/;
const DNS_NAME = '[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?';
const KUBERNETES = new RegExp(String.raw`^(${DNS_NAME})/(${DNS_NAME})#([\w.-]{1,253})$`);
/** A name or an ARN: of both the characters that AWS allows. */
const AWS = /^[\w/+=.@:-]{1,2048}$/;
const AZURE = /^([A-Za-z0-9-]{3,24})\/([A-Za-z0-9-]{1,127})$/;

const READERS: Readonly<Record<PlaceKind, (rest: string) => KeyPlace | undefined>> = {
  env: (name) => (VARIABLE.test(name) ? { kind: 'env', name } : undefined),
  file: fileIn,
  k8s: (rest) => {
    const [, namespace, name, key] = KUBERNETES.exec(rest) ?? [];
    if (namespace === undefined || name === undefined || key === undefined) return undefined;
    return { kind: 'k8s', namespace, name, key };
  },
  'aws-sm': (rest) => {
    const [id, field] = parted(rest);
    return AWS.test(id) && field !== '' ? { kind: 'aws-sm', id, field } : undefined;
  },
  'aws-ssm': (name) => (AWS.test(name) ? { kind: 'aws-ssm', name } : undefined),
  'azure-kv': (rest) => {
    const [, vault, name] = AZURE.exec(rest) ?? [];
    return vault === undefined || name === undefined ? undefined : { kind: 'azure-kv', vault, name };
  },
};

/** Reads what somebody typed behind `--from`; a text says how it is written instead. */
export function parseKeyPlace(text: string): KeyPlace | string {
  const colon = text.indexOf(':');
  const kind = PLACE_KINDS.find((one) => one === text.slice(0, Math.max(colon, 0)));
  if (kind === undefined) return `it begins with one of ${PLACE_KINDS.map((one) => `${one}:`).join(' ')}`;
  return READERS[kind](text.slice(colon + 1)) ?? `it is written ${PLACE_FORMS[kind]}`;
}

/** A path may hold the sign itself; a part is only what could be a variable. */
function fileIn(rest: string): KeyPlace | undefined {
  const [path, variable] = parted(rest);
  if (variable !== undefined && VARIABLE.test(variable) && path !== '') return { kind: 'file', path, variable };
  return rest === '' || variable === '' ? undefined : { kind: 'file', path: rest, variable: undefined };
}

/** What stands before the last `#` and behind it. */
function parted(rest: string): readonly [string, string | undefined] {
  const at = rest.lastIndexOf('#');
  return at < 0 ? [rest, undefined] : [rest.slice(0, at), rest.slice(at + 1)];
}
