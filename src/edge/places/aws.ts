import { Fault } from '../../app/ports/fault.ts';
import { fieldsOf, nameOf, optionalClient } from './optional-client.ts';

/** What AWS's client is made with; left out, it finds credentials, region and address as all of AWS's programs do. */
export interface AwsOptions {
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  readonly maxAttempts?: number | undefined;
}

/** As much of a client of AWS's as is used. */
interface AwsClient {
  send(command: object): Promise<unknown>;
  destroy(): void;
}
type ClientOf = new (options: object) => AwsClient;
type CommandOf = new (input: object) => object;

interface SecretsManagerLibrary {
  readonly SecretsManagerClient: ClientOf;
  readonly GetSecretValueCommand: CommandOf;
}

interface ParameterLibrary {
  readonly SSMClient: ClientOf;
  readonly GetParameterCommand: CommandOf;
}

/** Somebody waits at a terminal. */
const PATIENCE = { maxAttempts: 3, requestHandler: { connectionTimeout: 5_000, requestTimeout: 10_000 } };

/** What AWS Secrets Manager holds under this name or ARN, in the version that is AWSCURRENT. */
export async function awsSecretValue(id: string, options: AwsOptions = {}): Promise<Uint8Array> {
  const { SecretsManagerClient, GetSecretValueCommand } = await optionalClient<SecretsManagerLibrary>(
    '@aws-sdk/client-secrets-manager',
  );
  const place = { title: `AWS secret ${id}`, permission: 'secretsmanager:GetSecretValue' };
  const answer = await asked(SecretsManagerClient, options, id, new GetSecretValueCommand({ SecretId: id }), place);
  const { SecretString: text, SecretBinary: bytes } = fieldsOf(answer);
  if (typeof text === 'string') return Buffer.from(text);
  if (bytes instanceof Uint8Array) return bytes;
  throw new Fault('unavailable', `AWS answered about the secret ${id} without a value.`);
}

/** What AWS's Parameter Store holds; a SecureString comes back as ciphertext, and without an error, unless decryption is asked for. */
export async function parameterValue(name: string, options: AwsOptions = {}): Promise<Uint8Array> {
  const { SSMClient, GetParameterCommand } = await optionalClient<ParameterLibrary>('@aws-sdk/client-ssm');
  const place = { title: `AWS parameter ${name}`, permission: 'ssm:GetParameter' };
  const command = new GetParameterCommand({ Name: name, WithDecryption: true });
  const { Parameter: parameter } = fieldsOf(await asked(SSMClient, options, name, command, place));
  const { Value: value } = fieldsOf(parameter);
  if (typeof value === 'string') return Buffer.from(value);
  throw new Fault('unavailable', `AWS answered about the parameter ${name} without a value.`);
}

interface AwsPlace {
  readonly title: string;
  readonly permission: string;
}

/** An ARN says itself which region it is in. */
async function asked(
  Client: ClientOf,
  options: AwsOptions,
  id: string,
  command: object,
  place: AwsPlace,
): Promise<unknown> {
  const region = /^arn:[\w-]+:\w+:([\w-]+):/.exec(id)?.[1] ?? options.region;
  const client = new Client({ ...PATIENCE, ...options, ...(region === undefined ? {} : { region }) });
  try {
    return await client.send(command);
  } catch (trouble) {
    throw faultOf(trouble, place);
  } finally {
    client.destroy();
  }
}

/** By the name that AWS gives it, since neither texts nor statuses are promised. */
function faultOf(trouble: unknown, { title, permission }: AwsPlace): Fault {
  const name = nameOf(trouble);
  const told = TROUBLES.find(({ names }) => names.includes(name));
  const options = { cause: trouble };
  if (told !== undefined) return new Fault(told.code, told.says(title, permission), options);
  if (trouble instanceof Error && trouble.message.includes('Region is missing'))
    return new Fault('invalid', `Where is the ${title}? Set AWS_REGION to its region.`, options);
  const isAnswer = typeof trouble === 'object' && trouble !== null && '$response' in trouble;
  const says = isAnswer
    ? `AWS answered ${name} about the ${title}. Look the word up in AWS's reference of this call.`
    : `AWS was not reached about the ${title} (${name}). Is AWS_REGION spelled right, and is there a way out to AWS from here?`;
  return new Fault('unavailable', says, options);
}

interface Trouble {
  readonly code: Fault['code'];
  readonly names: readonly string[];
  readonly says: (title: string, permission: string) => string;
}

/** Parameter Store leaves the ending “Exception” out of most names. */
const TROUBLES: readonly Trouble[] = [
  {
    code: 'not_found',
    names: ['ResourceNotFoundException', 'ParameterNotFound', 'ParameterVersionNotFound'],
    says: (title) =>
      `There is no ${title} in this account and region. Look whether the name is spelled right, and set AWS_REGION (and AWS_PROFILE) to where it is.`,
  },
  {
    code: 'wrong_state',
    names: ['InvalidRequestException'],
    says: (title) =>
      `The ${title} cannot be read as it is: most often it is scheduled for deletion. Restore it, or name another.`,
  },
  {
    code: 'denied',
    names: ['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation'],
    says: (title, permission) =>
      `Whoever asks may not read the ${title}. It takes ${permission}, and kms:Decrypt where it has a key of its own.`,
  },
  {
    code: 'denied',
    names: ['DecryptionFailure', 'DecryptionFailureException', 'InvalidKeyId'],
    says: (title) => `The ${title} could not be decrypted. It takes kms:Decrypt on its key, and the key enabled.`,
  },
  {
    code: 'unauthenticated',
    names: [
      'CredentialsProviderError',
      'TokenProviderError',
      'ExpiredToken',
      'ExpiredTokenException',
      'UnrecognizedClientException',
      'InvalidClientTokenId',
      'InvalidSignatureException',
      'IncompleteSignature',
      'MissingAuthenticationToken',
    ],
    says: (title) =>
      `AWS does not know who asks about the ${title}. Sign in (aws sso login, or aws configure), or set AWS_PROFILE.`,
  },
  {
    code: 'limited',
    names: ['ThrottlingException', 'ThrottledException', 'TooManyRequestsException', 'RequestLimitExceeded'],
    says: (title) => `AWS is asked too often to answer about the ${title}. Ask again in a minute.`,
  },
];
