import { crc32c } from '../../core/values/crc32c.ts';
import { ApiError } from '../wire/api-error.ts';
import type { Caller } from '../world/iam.ts';
import { etagOf, requireEtag } from './etag.ts';
import { numbered, openSecret, openVersion, resolveVersion } from './locate.ts';
import { addRequest, namedRequest } from './messages.ts';
import { readRoot } from '../wire/rest/proto-json.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';
import { keptJson, versionJson } from './render.ts';
import { versionName, withVersion, type VersionRecord } from './resource.ts';
import { seenAt, trailOf } from './trail.ts';
import { moved, type Move } from './version-moves.ts';
import type { Rpc, World } from './world.ts';

const PAYLOAD_BYTES_MAX = 65_536;

/** Takes no etag, and leaves the secret's own etag alone. */
export const addSecretVersion: Rpc = (world, caller, request) => {
  const { parent, payload } = readRoot(addRequest, request);
  const secret = openSecret(world, caller, 'secretmanager.versions.add', parent);
  const content = payload?.data;
  if (content === undefined || content.length === 0) throw invalid('SecretPayload.data must not be empty.');
  // The limit is documented, the wording is not settled.
  if (content.length > PAYLOAD_BYTES_MAX) throw invalid('SecretPayload.data exceeds the limit of 65536 bytes.');
  const crc = crc32c(content);
  const claimed = payload?.dataCrc32c;
  if (claimed !== undefined && claimed !== crc)
    throw invalid('Provided SecretPayload.data crc32c does not match calculated crc32c.');

  const moment = world.tick();
  const version: VersionRecord = {
    number: (secret.versions.at(-1)?.number ?? 0) + 1,
    createdAt: moment,
    state: 'ENABLED',
    etag: etagOf(moment),
    crc,
    clientChecksum: claimed !== undefined,
    payload: content,
    kept: keptJson(secret),
    states: trailOf(moment, 'ENABLED'),
  };
  world.secrets.put(withVersion(secret, version));
  world.outbox.announce(secret, moment, { eventType: 'SECRET_VERSION_ADD', version });
  return versionJson(secret, version);
};

export const getSecretVersion: Rpc = (world, caller, request) => {
  const { name } = readRoot(namedRequest, request);
  const { secret, ref } = openVersion(world, caller, 'secretmanager.versions.get', name);
  return versionJson(secret, resolveVersion(world, secret, ref));
};

/** Answers under the resolved number, so that a reader of `latest` or an alias learns which version it got. */
export const accessSecretVersion: Rpc = (world, caller, request) => {
  const { name } = readRoot(namedRequest, request);
  const { secret, ref } = openVersion(world, caller, 'secretmanager.versions.access', name);
  const version = resolveVersion(world, secret, ref);
  const seen = seenAt(version.states, world.tick() - world.lag().stateLagMs * 1000);
  if (seen !== 'ENABLED' || version.payload === undefined)
    throw new ApiError(
      'FAILED_PRECONDITION',
      `Secret Version [${versionName(secret, version.number)}] is in ${seen} state.`,
    );
  return {
    name: versionName(secret, version.number),
    payload: { data: version.payload.toString('base64'), dataCrc32c: String(version.crc) },
  };
};

export const enableSecretVersion: Rpc = (world, caller, request) => move(world, caller, request, 'enable');
export const disableSecretVersion: Rpc = (world, caller, request) => move(world, caller, request, 'disable');
export const destroySecretVersion: Rpc = (world, caller, request) => move(world, caller, request, 'destroy');

/** By number only. First whether the version is there, then its etag, then its state. */
function move(world: World, caller: Caller, request: unknown, which: Move): JsonObject {
  const { name, etag } = readRoot(namedRequest, request);
  const { secret, ref } = openVersion(world, caller, `secretmanager.versions.${which}`, name);
  if (!/^\d+$/.test(ref))
    throw invalid(
      `The provided Secret Version ID [${versionName(secret, ref)}] does not match the expected format ` +
        '[projects/*/secrets/*/versions*]',
    );
  const before = numbered(secret, Number(ref), ref);
  requireEtag(etag, before.etag);
  const at = world.tick();
  const after = moved(secret, before, which, { at, etagFrom: at, stateLagMs: world.lag().stateLagMs });
  world.secrets.put(withVersion(secret, after.version));
  world.outbox.announce(secret, at, after);
  return versionJson(secret, after.version);
}

function invalid(message: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', message);
}
