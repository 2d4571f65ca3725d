import { Buffer } from 'node:buffer';
import { movableClock, type MovableClock } from '../../src/emulator/world/clock.ts';
import { serviceAccounts } from '../../src/emulator/world/accounts.ts';
import { hierarchy } from '../../src/emulator/world/hierarchy.ts';
import { pretendIam, type Iam } from '../../src/emulator/world/iam.ts';
import { projectNames } from '../../src/emulator/world/names.ts';
import { secretManager, type SecretManager } from '../../src/emulator/secret-manager/secret-manager.ts';
import type { TopicBoard, TopicMessage } from '../../src/emulator/world/topics.ts';
import { pretendCloud } from './cloud.ts';

/** The project of all these tests. */
export const PROJECT = 'test-proj';
export const NUMBER = '123456789012';
/** Where the clock stands unless a test moves it: a Monday in October, summer time in California. */
export const START = Date.parse('2026-10-05T09:00:00Z');

export interface Sent extends TopicMessage {
  readonly topic: string;
}

/** A pretend Secret Manager behind the real front end, with topics that only remember. */
export interface Rig {
  readonly vault: SecretManager;
  readonly clock: MovableClock;
  readonly iam: Iam;
  readonly port: number;
  readonly url: string;
  readonly sent: readonly Sent[];
  /** Every topic is fine until it is set to something else here. */
  setTopic(topic: string, state: 'ok' | 'missing' | 'forbidden'): void;
  /** `path` is what follows `/v1/`. A string body goes as it is. */
  ask(method: string, path: string, body?: unknown, token?: string): Promise<Heard>;
  close(): Promise<void>;
}

export interface Heard {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export async function startRig(): Promise<Rig> {
  const clock = movableClock(() => START);
  const names = projectNames({ [PROJECT]: NUMBER });
  const iam = pretendIam({ names, accounts: serviceAccounts(), hierarchy: hierarchy(names) });
  const sent: Sent[] = [];
  const states = new Map<string, 'ok' | 'missing' | 'forbidden'>();
  const topics: TopicBoard = {
    state: (topic) => states.get(topic) ?? 'ok',
    publish: (topic, message) => void sent.push({ topic, ...message }),
  };
  const vault = secretManager({ clock, names, topics, iam });
  const cloud = await pretendCloud({ clock, services: [vault], printBugs: true });
  return {
    vault,
    clock,
    iam,
    port: cloud.port,
    url: cloud.url,
    sent,
    setTopic: (topic, state) => void states.set(topic, state),
    async ask(method, path, body, token) {
      const response = await fetch(`${cloud.url}/v1/${path}`, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, body: objectOf(await response.json()) };
    },
    close: () => cloud.close(),
  };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error(`not an object: ${JSON.stringify(value)}`);
  return Object.fromEntries(Object.entries(value));
}

/** What Google answers for an error. */
export function refusal(code: number, status: string, message: unknown): Heard {
  return { status: code, body: { error: { code, message, status } } };
}

export const invalid = (message: unknown): Heard => refusal(400, 'INVALID_ARGUMENT', message);
export const precondition = (message: unknown): Heard => refusal(400, 'FAILED_PRECONDITION', message);
export const notFound = (message: unknown): Heard => refusal(404, 'NOT_FOUND', message);

export const AUTOMATIC = { replication: { automatic: {} } };

export function base64(text: string | Uint8Array): string {
  return Buffer.from(text).toString('base64');
}

/** A string field of an answer. */
export function textOf(heard: Heard, field: string): string {
  const value = heard.body[field];
  if (typeof value !== 'string') throw new Error(`no ${field} in ${JSON.stringify(heard.body)}`);
  return value;
}
