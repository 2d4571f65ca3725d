import { Buffer } from 'node:buffer';
import { check } from '../../../src/app/check/check.ts';
import { reconcile } from '../../../src/app/reconcile/reconcile.ts';
import type { Clock, Log } from '../../../src/app/ports/ports.ts';
import { main } from '../../../src/cli/main.ts';
import type { Terminal } from '../../../src/cli/show/terminal.ts';
import { isRecord } from '../../../src/core/values/json.ts';
import { readSettings } from '../../../src/core/settings/read-settings.ts';
import { scopesOf, type Settings } from '../../../src/core/settings/settings.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { wireTo, type Wire, type Wired } from '../../../src/wire.ts';
import { pretendCloud, DAY_MS, NUMBER, PROJECT, START } from '../../support/cloud.ts';
import { castOf, type Cast } from './cast.ts';
import { SECRET, stateOf } from './state.ts';
import { wrapped } from './story.ts';
import { telling } from './telling.ts';

/** What ends a worker in the middle of its work: no fault, so that nothing in it may catch it. */
class Died extends Error {}

/** The pretend cloud with one managed secret, the real command line and the real worker, and an eye on all of it. */
export interface WalkStage extends AsyncDisposable, Pick<Cast, 'person' | 'keyOf'> {
  readonly cloud: PretendCloud;
  /** A person adds a version with this key. */
  add(name: string): void;
  /** A person points an alias at a version, or takes it away. */
  alias(name: string, version?: number): void;
  /** A person enables, disables or destroys a version. */
  turn(how: string, version: number): void;
  /** The secret is made anew with this value, in which names of keys stand for them. */
  holds(value: string): void;
  /** Sets a variable of the deployment, for whoever is started from now on. */
  set(variable: string, value: string): void;
  /** Runs a command line; `input` is the name of the key that comes on standard input. */
  type(words: readonly string[], input?: string): Promise<void>;
  /** The scheduled worker takes everything as far as it goes. */
  work(): Promise<void>;
  /** The scheduled check, which records what it finds. */
  check(): Promise<void>;
  /** The next worker that adds a version dies before it can say so. */
  dieAfterAdding(): void;
  pass(milliseconds: number): Promise<void>;
  /** Every call so far, without its time. */
  calls(): readonly string[];
  /** What happened since it was last asked. */
  happened(): readonly string[];
}

const TURNS: ReadonlyMap<string, 'enableSecretVersion' | 'disableSecretVersion' | 'destroySecretVersion'> = new Map([
  ['enable', 'enableSecretVersion'],
  ['disable', 'disableSecretVersion'],
  ['destroy', 'destroySecretVersion'],
]);

/** Starts at a round moment, with one version, `the old key`, current and in use for two days. */
export async function walkStage(propagation: { readonly newKeyMs?: number } = {}): Promise<WalkStage> {
  let moved = -2 * DAY_MS;
  const used: string[] = [];
  const cloud: PretendCloud = await pretendCloud({
    clock: { now: () => START + moved, advance: (milliseconds) => void (moved += milliseconds) },
    projects: { [PROJECT]: NUMBER },
    propagation,
    printBugs: true,
    services: [
      {
        title: 'an eye on every call',
        answer(request) {
          sync();
          const key = request.headers['x-goog-api-key'];
          if (key !== undefined) used.push(cast.nameOf(key));
          return undefined;
        },
      },
    ],
  });
  const cast = castOf(cloud);
  const told = telling(START, () =>
    cast.named().flatMap(([name, { keyId, uid }]) => [
      [keyId, name],
      [uid, name],
    ]),
  );
  const stateNow = stateOf(cloud, cast, told);
  const lines: string[] = [];
  const calls: string[] = [];
  let heard = 0;
  let shown = '';
  const at = () => told.time(cloud.clock.now()).padStart(9);

  /** Tells the calls that ended, and the state of things if it changed. */
  function sync(): void {
    for (const one of cloud.requests().slice(heard)) {
      const key = one.api === 'gemini' && one.status !== 0 ? used.shift() : undefined;
      const call = told.call(one, key);
      calls.push(call.replace(/ {2,}/g, ' '));
      lines.push(`${told.time(Date.parse(one.at)).padStart(9)}  ${call}`);
      heard += 1;
    }
    const state = stateNow();
    if (state.join('\n') === shown) return;
    shown = state.join('\n');
    if ((lines.at(-1) ?? '') !== '') lines.push('');
    lines.push(...state.map((line) => `${' '.repeat(11)}${line}`), '');
  }

  const clock: Clock = {
    now: () => instantOf(cloud.clock.now()),
    sleep: (milliseconds) => cloud.advance(milliseconds),
  };
  const log: Log = {
    write(severity, message, fields) {
      sync();
      const notice = fields?.['notice'];
      const what = isRecord(notice) ? `announces ${String(notice['type'])}` : `logs ${severity}`;
      if (isRecord(notice) || severity === 'ERROR' || severity === 'WARNING')
        lines.push(`${at()}  ${what}: “${told.text(message)}”`);
    },
  };
  let dying = false;
  /** Every run is a process of its own, which must not take a dead one’s lease for its own. */
  let born = 0;
  const mortal =
    (wire: Wire): Wire =>
    (settings) => {
      const wired = wire(settings);
      const { vault } = wired.ports;
      return {
        ...wired,
        ports: {
          ...wired.ports,
          vault: {
            ...vault,
            async add(...order) {
              const added = await vault.add(...order);
              if (!dying) return added;
              dying = false;
              throw new Died('killed');
            },
          },
        },
      };
    };
  const wire = mortal(wireTo(log, { clock, random: () => 0.5 }));
  const environment: Record<string, string> = { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_PROJECTS: PROJECT };
  const surviving = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (trouble) {
      if (!(trouble instanceof Died)) throw trouble;
      sync();
      lines.push(`${at()}  the process is killed`);
    }
    sync();
  };
  const scheduled = (work: (wired: Wired, settings: Settings) => Promise<void>): Promise<void> =>
    surviving(async () => {
      const reading = readSettings(environment, { project: true, callers: false });
      if ('problems' in reading) throw new Error(reading.problems.join('\n'));
      await using wired = wire(reading.settings);
      await work(wired, reading.settings);
    });

  const seed = (payload: string): void => {
    const labels = { 'key-warden': 'managed' };
    cloud.secrets.seed({ project: PROJECT, secretId: 'gemini', payloads: [payload], labels, aliases: { current: 1 } });
  };
  const stage: WalkStage = {
    cloud,
    person: cast.person,
    keyOf: cast.keyOf,
    add(name) {
      const data = Buffer.from(stage.keyOf(name).keyString).toString('base64');
      cloud.secrets.call('addSecretVersion', {}, { parent: SECRET, payload: { data } });
      sync();
    },
    alias(name, version) {
      const { versionAliases = {} } = cloud.secrets.call('getSecret', {}, { name: SECRET }) as {
        versionAliases?: Record<string, string>;
      };
      const { [name]: _, ...others } = versionAliases;
      const aliases = version === undefined ? others : { ...others, [name]: String(version) };
      const secret = { name: SECRET, versionAliases: aliases };
      cloud.secrets.call('updateSecret', {}, { secret, updateMask: 'versionAliases' });
      sync();
    },
    turn(how, version) {
      const rpc = TURNS.get(how);
      if (rpc === undefined) throw new Error(`nobody can ${how} a version`);
      cloud.secrets.call(rpc, {}, { name: `${SECRET}/versions/${version}` });
      sync();
    },
    holds(value) {
      cloud.secrets.call('deleteSecret', {}, { name: SECRET });
      seed(cast.named().reduce((text, [name, { keyString }]) => text.replaceAll(name, keyString), value));
      sync();
    },
    set: (variable, value) => void (environment[variable] = value),
    async type(words, input) {
      const screen: string[] = [];
      const terminal: Terminal = {
        environment,
        out: (text) => void screen.push(text),
        err: (text) => void (sync(), text.startsWith('key-warden:') && screen.push(text)),
        input: () => Promise.resolve(input === undefined ? undefined : stage.keyOf(input).keyString),
        colour: false,
        interrupted: () => new Promise(() => undefined),
      };
      await surviving(async () => {
        const code = await main(words, terminal, () => Promise.resolve(wire));
        sync();
        const said = screen.join('').trimEnd().split('\n');
        if (lines.at(-1) !== '') lines.push('');
        lines.push(...said.map((line) => `${' '.repeat(11)}| ${told.text(line)}`), `${' '.repeat(11)}exit ${code}`);
      });
    },
    work: () =>
      scheduled(async (wired, settings) => {
        const order = { ...settings, scopes: scopesOf(settings), me: `worker ${(born += 1)}` };
        const { problems } = await reconcile(wired.ports, order);
        for (const problem of problems) lines.push(`${at()}  reports: “${told.text(problem)}”`);
      }),
    check: () =>
      scheduled(async (wired, settings) => {
        await check(wired.ports, { ...settings, scopes: scopesOf(settings), deep: 'when_due', record: true });
      }),
    dieAfterAdding: () => void (dying = true),
    async pass(milliseconds) {
      await cloud.advance(milliseconds);
      sync();
    },
    calls() {
      sync();
      return calls;
    },
    happened() {
      sync();
      if (lines.at(-1) === '') lines.pop();
      return lines.splice(0).flatMap(wrapped);
    },
    [Symbol.asyncDispose]: () => cloud.close(),
  };
  const old = stage.person('the old key');
  seed(old.keyString);
  cloud.meter.traffic(old, 4, cloud.clock.now());
  await cloud.advance(2 * DAY_MS);
  return stage;
}
