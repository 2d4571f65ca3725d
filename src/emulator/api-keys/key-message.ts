import { ApiError } from '../wire/api-error.ts';
import { rangeOf, type KeyRestrictions } from '../world/restrictions.ts';
import { anything, listOf, mapOf, message, text, type Of } from '../wire/rest/proto-json.ts';

const PACKAGE = 'google.api.apikeys.v2';

const apiTarget = message(`${PACKAGE}.ApiTarget`, { service: text, methods: listOf(text) });
const androidApplication = message(`${PACKAGE}.AndroidApplication`, { packageName: text, sha1Fingerprint: text });

const restrictions = message(
  `${PACKAGE}.Restrictions`,
  {
    browserKeyRestrictions: message(`${PACKAGE}.BrowserKeyRestrictions`, { allowedReferrers: listOf(text) }),
    serverKeyRestrictions: message(`${PACKAGE}.ServerKeyRestrictions`, { allowedIps: listOf(text) }),
    androidKeyRestrictions: message(`${PACKAGE}.AndroidKeyRestrictions`, {
      allowedApplications: listOf(androidApplication),
    }),
    iosKeyRestrictions: message(`${PACKAGE}.IosKeyRestrictions`, { allowedBundleIds: listOf(text) }),
    apiTargets: listOf(apiTarget),
  },
  {
    client_restrictions: [
      'browserKeyRestrictions',
      'serverKeyRestrictions',
      'androidKeyRestrictions',
      'iosKeyRestrictions',
    ],
  },
);

/** A `Key` as a caller sends it (resources.proto, and `serviceAccountEmail`, which only REST has). */
export const keyMessage = message(`${PACKAGE}.Key`, {
  name: text,
  uid: text,
  displayName: text,
  keyString: text,
  createTime: anything,
  updateTime: anything,
  deleteTime: anything,
  annotations: mapOf(text),
  restrictions,
  etag: text,
  serviceAccountEmail: text,
});

const DISPLAY_NAME_LENGTH = 63;
const FINGERPRINT = /^[0-9A-F]{40}$/;

/** What a caller wrote about a key, checked. Left-out fields are absent. */
export interface KeyFields {
  readonly displayName?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly restrictions?: KeyRestrictions;
  readonly serviceAccountEmail?: string;
}

/**
 * INVALID_ARGUMENT for a name over 63 characters, for what is no address and for what is no fingerprint; the wordings are
 * not settled.
 */
export function keyFields(sent: Of<typeof keyMessage>): KeyFields {
  const { displayName, annotations, restrictions: limits, serviceAccountEmail } = sent;
  if ((displayName ?? '').length > DISPLAY_NAME_LENGTH) {
    throw new ApiError('INVALID_ARGUMENT', `display_name may have at most ${DISPLAY_NAME_LENGTH} characters.`);
  }
  return {
    ...(displayName !== undefined && { displayName }),
    ...(annotations !== undefined && { annotations }),
    ...(limits !== undefined && { restrictions: restrictionsOf(limits) }),
    ...(serviceAccountEmail !== undefined && serviceAccountEmail !== '' && { serviceAccountEmail }),
  };
}

function restrictionsOf(sent: Of<typeof restrictions>): KeyRestrictions {
  const { apiTargets, serverKeyRestrictions, browserKeyRestrictions, androidKeyRestrictions, iosKeyRestrictions } =
    sent;
  return {
    apiTargets: (apiTargets ?? []).map(({ service = '', methods = [] }) => ({
      service,
      ...(methods.length > 0 && { methods }),
    })),
    ...(serverKeyRestrictions && { allowedIps: (serverKeyRestrictions.allowedIps ?? []).map(addressOf) }),
    ...(browserKeyRestrictions && { allowedReferrers: browserKeyRestrictions.allowedReferrers ?? [] }),
    ...(iosKeyRestrictions && { allowedBundleIds: iosKeyRestrictions.allowedBundleIds ?? [] }),
    ...(androidKeyRestrictions && {
      allowedAndroidApps: (androidKeyRestrictions.allowedApplications ?? []).map(
        ({ packageName = '', sha1Fingerprint = '' }) => ({
          sha1Fingerprint: fingerprintOf(sha1Fingerprint),
          packageName,
        }),
      ),
    }),
  };
}

/** An IPv4 or IPv6 address, or a CIDR range of them. */
function addressOf(sent: string): string {
  if (rangeOf(sent) !== undefined) return sent;
  throw new ApiError('INVALID_ARGUMENT', 'allowed_ips must be IPv4 or IPv6 addresses, or CIDR ranges of them.');
}

/** Taken with colons or without, shown without (resources.proto). */
function fingerprintOf(sent: string): string {
  const plain = sent.replaceAll(':', '').toUpperCase();
  if (FINGERPRINT.test(plain)) return plain;
  throw new ApiError(
    'INVALID_ARGUMENT',
    'sha1_fingerprint must be the SHA-1 of a certificate, 20 bytes in hexadecimal.',
  );
}
