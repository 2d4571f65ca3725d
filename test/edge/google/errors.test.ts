import { describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { faultOf } from '../../../src/edge/google/errors.ts';

const NAME = 'projects/1/secrets/gemini';
const ETAG =
  "The etag provided in the request does not match the resource's current etag. " +
  'Please retry the whole read-modify-write with exponential backoff.';

function faultFor(code: number | undefined, message: string, extra: object = {}) {
  return faultOf(Object.assign(new Error(message), { code }, extra), { doing: `read ${NAME}` });
}

describe('the code of a fault', () => {
  test.each([
    [3, 'invalid'],
    [4, 'timeout'],
    [5, 'not_found'],
    [6, 'exists'],
    [7, 'denied'],
    [8, 'limited'],
    [10, 'stale'],
    [11, 'invalid'],
    [12, 'invalid'],
    [15, 'corrupt'],
    [16, 'unauthenticated'],
    [1, 'unavailable'],
    [2, 'unavailable'],
    [13, 'unavailable'],
    [14, 'unavailable'],
  ])('gRPC code %d is %s', (code, fault) => {
    expect(faultFor(code, 'some text').code).toBe(fault);
  });

  test.each([
    [ETAG, 'stale'],
    [`Secret Version [${NAME}/versions/1] is in DISABLED state.`, 'disabled'],
    [`Secret Version [${NAME}/versions/1] is in DESTROYED state.`, 'destroyed'],
    [`Secret Version [${NAME}/versions/1] is in FROZEN state.`, 'wrong_state'],
    ['SecretVersion.state is already DESTROYED', 'destroyed'],
    ['SecretVersion is already scheduled for DESTRUCTION.', 'wrong_state'],
    ['Next rotation time must be set while the rotation period is set.', 'invalid'],
  ])('FAILED_PRECONDITION "%s" is %s', (message, fault) => {
    expect(faultFor(9, message).code).toBe(fault);
    expect(faultFor(9, `9 FAILED_PRECONDITION: ${message}`).code).toBe(fault);
  });

  test.each([
    [undefined, 'Could not load the default credentials. Browse to …'],
    [3, 'invalid_grant'],
    [3, '{"error":"invalid_grant","error_subtype":"invalid_rapt"}'],
    [2, '2 UNKNOWN: Getting metadata from plugin failed with error: invalid_grant'],
  ])('credentials that fail (%p, "%s") are told from a request that was refused', (code, message) => {
    expect(faultFor(code, message).code).toBe('unauthenticated');
  });

  test.each([undefined, null, 'The client has already been closed.', new Error('Cannot build HTTP request for {…}')])(
    'what the library rejects with before it asks (%p) is invalid',
    (error) => {
      expect(faultOf(error, { doing: 'read x' })).toMatchObject({
        code: 'invalid',
        message: 'Cannot read x: no reason was given.',
      });
    },
  );
});

describe('the message of a fault', () => {
  test("says what failed, Google's reason, and what to grant", () => {
    const error = Object.assign(new Error("Permission 'secretmanager.versions.access' denied for resource 'x'."), {
      code: 7,
    });
    const asked = {
      doing: `read ${NAME}`,
      permission: 'secretmanager.versions.access',
      role: 'roles/secretmanager.secretAccessor',
    };
    expect(faultOf(error, asked).message).toBe(
      `Cannot read ${NAME}: Google says "Permission 'secretmanager.versions.access' denied for resource 'x'." ` +
        'Grant secretmanager.versions.access on it, for example with roles/secretmanager.secretAccessor. ' +
        'The same answer is given when it does not exist.',
    );
    expect(faultOf(error, { ...asked, role: undefined }).message).toContain(
      'Grant secretmanager.versions.access on it. The same',
    );
    expect(faultOf(error, { doing: 'x' }).message).not.toContain('Grant');
  });

  test('says to enable an API that is off, whatever permission was asked for', () => {
    const off = faultFor(7, 'has not been used', { reason: 'SERVICE_DISABLED' });
    expect(off.message).toContain('Enable the API in that project, then wait a few minutes.');
    expect(off.code).toBe('switched_off');
    expect(faultFor(7, 'The API requires a quota project', { reason: 'SERVICE_DISABLED' }).code).toBe('denied');
  });

  test.each([
    [5, 'Secret [x] not found.', 'Check the name, the project and the location.'],
    [16, 'x', 'Run `gcloud auth application-default login`, or attach a service account to the function.'],
    [9, ETAG, 'Somebody else wrote meanwhile; read again and decide again.'],
    [9, 'is in DISABLED state', 'Enable the version, or use another one.'],
    [9, 'is in DESTROYED state', 'Its payload is gone for good; use another version.'],
    [8, 'Quota exceeded', 'A quota is used up; it is counted per project and minute.'],
    [14, 'x', 'Try again; if it goes on, see https://status.cloud.google.com.'],
  ])('after %d "%s" says what to do next', (code, message, advice) => {
    expect(faultFor(code, message).message.endsWith(advice)).toBe(true);
  });

  test.each([
    [3, 'Google says "some text"'],
    [4, 'no answer came in time.'],
    [14, 'Google could not be reached or had an error of its own.'],
    [16, 'there are no usable Google credentials.'],
  ])('after %d repeats the text only when Google decided something', (code, words) => {
    const { message } = faultFor(code, 'some text');
    expect(message).toContain(words);
    expect(message.includes('some text')).toBe(code === 3);
  });

  test('gives the advice of the call where it has its own, and takes its word for a precondition', () => {
    const error = Object.assign(new Error('In use.'), { code: 9 });
    const asked = { doing: 'x', precondition: 'wrong_state', advice: { wrong_state: 'Wait a week.' } } as const;
    expect(faultOf(error, asked)).toMatchObject({
      code: 'wrong_state',
      message: 'Cannot x: Google says "In use." Wait a week.',
    });
    expect(faultOf(Object.assign(new Error(ETAG), { code: 9 }), asked).code).toBe('stale');
  });

  test('does not repeat a body that is not an answer of Google', () => {
    const { message } = faultFor(7, 'Error response from RPC X with status 403 could not be decoded: <html>');
    expect(message).toBe(`Cannot read ${NAME}: no reason was given.`);
  });

  test('drops the code that gRPC puts in front', () => {
    expect(faultFor(5, '5 NOT_FOUND: Secret [x] not found.').message).toContain('says "Secret [x] not found."');
  });
});

describe('no byte of a payload leaves with a fault (I9)', () => {
  const payload = 'AI' + 'za' + 'y'.repeat(35);
  const sent = new TextEncoder().encode(`${payload}\n`);

  test.each([payload, Buffer.from(`${payload}\n`).toString('base64')])(
    'a message that repeats what was sent is withheld',
    (echo) => {
      const error = Object.assign(new Error(`Invalid value at 'payload.data': "${echo}"`), { code: 3 });
      const { message } = faultOf(error, { doing: 'add a version', sent });
      expect(message).toBe('Cannot add a version: Google answered with a message that repeats what was sent.');
    },
  );

  test('a message that does not is kept', () => {
    const error = Object.assign(new Error('SecretPayload.data must not be empty.'), { code: 3 });
    expect(faultOf(error, { doing: 'add a version', sent }).message).toContain('must not be empty');
  });

  test('whatever looks like a key is taken out of a message, whether it was sent or not', () => {
    const { message } = faultFor(3, `Consumer 'api_key:${payload}' has been suspended.`);
    expect(message).toContain('has been suspended');
    expect(message).not.toContain(payload);
  });

  test('the cause holds codes only, not the error with its request', () => {
    const error = Object.assign(new Error('x'), {
      code: 14,
      httpStatusCode: 502,
      reason: 'R',
      config: { body: payload },
    });
    const fault = faultOf(error, { doing: 'add a version' });
    expect(fault.cause).toEqual({ rpcCode: 14, httpStatus: 502, reason: 'R' });
    expect(inspect(fault, { depth: 10, showHidden: true })).not.toContain(payload);
  });
});

describe('a missing permission', () => {
  const asked = {
    doing: 'mint the key k of project p',
    permission: 'apikeys.keys.create',
    role: 'roles/serviceusage.apiKeysAdmin',
    besides: 'A bound key needs more.',
  };
  const denied = (errorInfoMetadata?: unknown) =>
    faultOf({ code: 7, message: 'No.', reason: 'IAM_PERMISSION_DENIED', errorInfoMetadata }, asked).message;
  const ACCOUNT = 'projects/-/serviceAccounts/app@p.iam.gserviceaccount.com';

  test('is the one that Google names, on the resource that Google names, with a role that holds it', () => {
    const permission = 'iam.serviceAccountApiKeyBindings.create';
    expect(denied({ permission, resource: ACCOUNT })).toBe(
      `Cannot mint the key k of project p: Google says "No." Grant ${permission} on ${ACCOUNT}, ` +
        'for example with roles/iam.serviceAccountApiKeyBindingAdmin.',
    );
  });

  test('has the role that is known for it, and none that is not', () => {
    expect(denied({ permission: 'apikeys.keys.create' })).toContain(
      'Grant apikeys.keys.create on it, for example with roles/serviceusage.apiKeysAdmin.',
    );
    expect(denied({ permission: 'x.y.z', resource: 'projects/p' })).toMatch(/Grant x\.y\.z on projects\/p\.$/);
  });

  test.each([undefined, 'x', {}, { permission: '' }, { permission: 7 }])(
    'is guessed only where Google names none: %j',
    (metadata) => {
      expect(denied(metadata)).toMatch(
        /Grant apikeys\.keys\.create on it, .* A bound key needs more\. The same answer/,
      );
    },
  );

  test('is cut where it is longer than any name, and holds no key (I9)', () => {
    const key = `AIza${'x'.repeat(35)}`;
    const message = denied({ permission: 'p'.repeat(900), resource: `${key} ${'r'.repeat(900)}` });
    expect(message.length).toBeLessThan(700);
    expect(message).not.toContain(key);
  });
});

describe('an organisation policy', () => {
  const asked = { doing: 'mint k', policyAdvice: 'The ways out.' };
  const POLICY = 'constraints/iam.managed.disableServiceAccountApiKeyCreation';
  const refused = (code: number, message: string, extra: object = {}) =>
    faultOf({ code, message, ...extra }, asked).message;

  test.each([
    ['by its reason', 9, 'Operation denied by org policy.', { reason: 'CUSTOM_ORG_POLICY_VIOLATION' }, ''],
    ['by its name in the words', 9, `Violates ["${POLICY}"]: no.`, {}, ` (${POLICY})`],
    [
      'by its name in the metadata',
      7,
      'No.',
      {
        reason: 'CUSTOM_ORG_POLICY_VIOLATION',
        errorInfoMetadata: { customConstraints: 'customConstraints/custom.noKeys' },
      },
      ' (customConstraints/custom.noKeys)',
    ],
  ])('is told %s, with the ways out, and no grant is asked for', (_, code, message, extra, name) => {
    const told = refused(code, message, extra);
    expect(told).toContain(
      `An organisation policy forbids it${name}: no grant helps, and neither does trying again. The ways out.`,
    );
    expect(told).not.toContain('Grant ');
  });

  test.each([
    ['by its reason', { reason: 'SECURITY_POLICY_VIOLATED' }, 'No.'],
    ['in words', {}, 'vpcServiceControlsUniqueIdentifier: x1y2'],
  ])('of a perimeter is told %s, and no grant is asked for', (_, extra, message) => {
    const told = refused(7, message, extra);
    expect(told).toContain('A perimeter of VPC Service Controls refuses it: no grant helps.');
    expect(told).not.toContain('Grant ');
  });

  test('has no ways out where the call knows none', () => {
    const fault = faultOf({ code: 9, message: '', reason: 'ORG_RESTRICTION_VIOLATION' }, { doing: 'read x' });
    expect(fault.message).toMatch(/neither does trying again\.$/);
  });
});
