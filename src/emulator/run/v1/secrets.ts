import type { JsonObject } from '../../wire/rest/json-body.ts';
import { kept, lastOf, objectIn, objectsIn, PROBES, renamed, SAME, textIn } from './parts.ts';

/** Where v1 keeps the names of secrets of other projects: `alias:projects/N/secrets/S`, separated by commas. */
export const SECRETS = 'run.googleapis.com/secrets';

/** Containers and volumes in the form of Knative, and the aliases of secrets that they name. */
export interface Mounted {
  readonly spec: JsonObject;
  readonly aliases: string | undefined;
}

/** Of v2’s containers and volumes: a secret of another project gets an alias, because v1 has no place for its project. */
export function mountedInV1(template: JsonObject, isOwn: (project: string) => boolean): Mounted {
  const aliases = new Map<string, string>();
  const aliasOf = (secret: string): string => {
    const [, project = ''] = secret.split('/');
    if (!secret.includes('/') || isOwn(project)) return lastOf(secret);
    const alias = aliases.get(secret) ?? `${lastOf(secret)}-${aliases.size + 1}`;
    aliases.set(secret, alias);
    return alias;
  };
  const containers = objectsIn(template, 'containers').map((container) => ({
    ...kept(container, [...SAME, ...PROBES]),
    ...(container['env'] !== undefined && { env: objectsIn(container, 'env').map((one) => variable(one, aliasOf)) }),
  }));
  const volumes = objectsIn(template, 'volumes').map((volume) => {
    const { secret: named, items, defaultMode } = objectIn(volume, 'secret');
    if (typeof named !== 'string') return volume;
    const all = objectsIn({ items }, 'items').map((item) =>
      renamed(item, { path: 'path', version: 'key', mode: 'mode' }),
    );
    return {
      name: volume['name'],
      secret: {
        secretName: aliasOf(named),
        ...(all.length > 0 && { items: all }),
        ...(defaultMode !== undefined && { defaultMode }),
      },
    };
  });
  return {
    spec: { containers, ...(volumes.length > 0 && { volumes }) },
    aliases: aliases.size === 0 ? undefined : [...aliases].map(([secret, alias]) => `${alias}:${secret}`).join(','),
  };
}

function variable(one: JsonObject, aliasOf: (secret: string) => string): JsonObject {
  const { secret, version } = objectIn(objectIn(one, 'valueSource'), 'secretKeyRef');
  if (typeof secret !== 'string') return one;
  return {
    name: one['name'],
    valueFrom: { secretKeyRef: { name: aliasOf(secret), key: textIn({ version }, 'version') ?? 'latest' } },
  };
}

/** The same the other way round. */
export function mountedInV2(spec: JsonObject, aliases: string | undefined): JsonObject {
  const known = new Map(
    (aliases ?? '').split(',').flatMap((entry): [string, string][] => {
      const [alias = '', secret] = entry.trim().split(':');
      return secret === undefined ? [] : [[alias, secret]];
    }),
  );
  const nameOf = (secret: unknown): unknown => known.get(String(secret)) ?? secret;
  const containers = objectsIn(spec, 'containers').map(({ env, ...container }) => ({
    ...container,
    ...(env !== undefined && {
      env: objectsIn({ env }, 'env').map(({ valueFrom, ...one }) => {
        const { name, key } = objectIn(objectIn({ valueFrom }, 'valueFrom'), 'secretKeyRef');
        return valueFrom === undefined
          ? one
          : { ...one, valueSource: { secretKeyRef: { secret: nameOf(name), version: key } } };
      }),
    }),
  }));
  const volumes = objectsIn(spec, 'volumes').map(({ secret, ...volume }) => {
    if (secret === undefined) return volume;
    const { secretName, items, defaultMode } = objectIn({ secret }, 'secret');
    const all = objectsIn({ items }, 'items').map((item) =>
      renamed(item, { path: 'path', key: 'version', mode: 'mode' }),
    );
    return {
      ...volume,
      secret: { secret: nameOf(secretName), items: all, ...(defaultMode !== undefined && { defaultMode }) },
    };
  });
  return { containers, ...(volumes.length > 0 && { volumes }) };
}
