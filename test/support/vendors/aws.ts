import { parseRecord } from '../../../src/core/values/json.ts';
import { jsonStub, type Stub, type StubAnswer } from './loopback.ts';

/** What AWS would hold. */
export interface AwsHeld {
  readonly secrets?: Readonly<Record<string, string | Uint8Array>>;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Secrets that are scheduled for deletion. */
  readonly deleted?: readonly string[];
  /** The word that every call is refused with. */
  readonly refuses?: string;
}

const SIGNED =
  /^AWS4-HMAC-SHA256 Credential=[\w/-]+\/\d{8}\/([\w-]+)\/(secretsmanager|ssm)\/aws4_request, SignedHeaders=[\w;-]+, Signature=[0-9a-f]{64}$/;

/**
 * Secrets Manager and Parameter Store as far as they are read: JSON 1.1 of AWS, the operation in a header, every request signed for
 * the region and the service, errors by `__type`. It refuses whatever a reader has no need to send.
 */
export function awsStub(region: string, held: AwsHeld): Promise<Stub> {
  return jsonStub(({ method, url, headers }, text) => {
    const target = String(headers['x-amz-target']);
    const [, signedFor, service] = SIGNED.exec(String(headers.authorization)) ?? [];
    const body = parseRecord(text) ?? {};
    if (method !== 'POST' || url !== '/' || headers['content-type'] !== 'application/x-amz-json-1.1')
      return refused('SerializationException');
    if (signedFor !== region) return refused('InvalidSignatureException');
    if (held.refuses !== undefined) return refused(held.refuses);
    if (target === 'secretsmanager.GetSecretValue' && service === 'secretsmanager') return secretValue(held, body);
    if (target === 'AmazonSSM.GetParameter' && service === 'ssm') return parameter(held, body);
    return refused('UnknownOperationException');
  });
}

function secretValue({ secrets = {}, deleted = [] }: AwsHeld, body: Readonly<Record<string, unknown>>): StubAnswer {
  const { SecretId: id, ...rest } = body;
  if (typeof id !== 'string' || Object.keys(rest).length > 0) return refused('InvalidParameterException');
  if (deleted.includes(id)) return refused('InvalidRequestException');
  const value = secrets[id];
  if (value === undefined) return refused('ResourceNotFoundException');
  const payload =
    typeof value === 'string' ? { SecretString: value } : { SecretBinary: Buffer.from(value).toString('base64') };
  return { status: 200, body: { Name: id, VersionStages: ['AWSCURRENT'], ...payload } };
}

/** Every parameter here is a SecureString: without decryption its ciphertext comes back, and no error. */
function parameter({ parameters = {} }: AwsHeld, body: Readonly<Record<string, unknown>>): StubAnswer {
  const { Name: name, WithDecryption: isDecrypted = false, ...rest } = body;
  if (typeof name !== 'string' || Object.keys(rest).length > 0) return refused('ValidationException');
  const value = parameters[name];
  if (value === undefined) return refused('ParameterNotFound');
  const shown = isDecrypted === true ? value : Buffer.from(`sealed ${value}`).toString('base64');
  return { status: 200, body: { Parameter: { Name: name, Type: 'SecureString', Value: shown, Version: 1 } } };
}

function refused(word: string): StubAnswer {
  return { status: 400, body: { __type: `com.amazonaws#${word}`, message: 'a text that nobody should rely on' } };
}
