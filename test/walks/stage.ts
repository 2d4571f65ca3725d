import { Buffer } from 'node:buffer';
import { reconcile } from '../../src/app/reconcile.ts';
import type { Clock, Log } from '../../src/app/ports.ts';
import { main } from '../../src/cli/main.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { POLICY_ANNOTATION } from '../../src/core/care.ts';
import { readJournal, ROTATION_ANNOTATION } from '../../src/core/journal-text.ts';
import { isRecord } from '../../src/core/json.ts';
import { readSettings } from '../../src/core/read-settings.ts';
import { scopesOf } from '../../src/core/settings.ts';
import { instantOf } from '../../src/core/time.ts';
import type { GeminiKey } from '../../src/emulator/keyring.ts';
import { startPretendCloud, type PretendCloud } from '../../src/emulator/server.ts';
import { wireTo, type Wire } from '../../src/wire.ts';
import { DAY_MS, NUMBER, PROJECT, START } from '../emulator/cloud.ts';
import { telling } from './telling.ts';

export const ACCOUNT = `search-app@${PROJECT}.iam.gserviceaccount.com`;
const SECRET = `projects/${NUMBER}/secrets/gemini`;
const GEMINI_ONLY = { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] };

const WIDTH = 114;

/** A long line as several; the rest stands where its text began. */
function wrapped(line: string): readonly string[] {
  const begins = /^(?: +\| *(?:[a-z ]+ {2,}|\d\. )*| +[a-z]+ {2,}|[ \d:]+)/.exec(line)?.[0] ?? '';
  const margin = begins.replace(/[^|]/g, ' ');
  const told = [''];
  for (const word of line.split(/(?<=\S) (?=\S)/)) {
    const last = told.at(-1) ?? '';
    if (last.trim() !== '' && last.length + word.length > WIDTH) told.push(`${margin}${word}`);
    else told[told.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return told;
}

/** What ends a worker in the middle of its work: no fault, so that nothing in it may catch it. */
class Died extends Error {}

/** The pretend cloud with one managed secret, the real command line and the real worker, and an eye on all of it. */
export interface WalkStage extends AsyncDisposable {
  readonly cloud: PretendCloud;
  /** Keys by what the walk calls them. */
  readonly keys: Map<string, string>;
  /** A key that works, made outside of the worker, and known to the walk by this name. */
  person(name: string): GeminiKey;
  /** The key of that name; the newest one that the worker minted is `the new key`. */
  keyOf(name: string): GeminiKey;
  /** A person adds a version with this key. */
  add(name: string): void;
  /** Writes the annotation that holds the secret’s own policy. */
  setPolicy(policy: string): void;
  /** Runs a command line; `input` is the name of the key that comes on standard input. */
  type(words: readonly string[], input?: string): Promise<void>;
  /** The scheduled worker takes everything as far as it goes. */
  work(): Promise<void>;
  /** The next worker that adds a version dies before it can say so. */
  dieAfterAdding(): void;
  pass(milliseconds: number): Promise<void>;
  /** Every call so far, without its time. */
  calls(): readonly string[];
  /** What happened since it was last asked. */
  happened(): readonly string[];
}

/** Starts at a round moment, with one version, `the old key`, current and in use for two days. */
export async function walkStage(propagation: { readonly newKeyMs?: number } = {}): Promise<WalkStage> {
  let moved = -2 * DAY_MS;
  const used: string[] = [];
  const cloud: PretendCloud = await startPretendCloud({
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
          if (key !== undefined) used.push(nameOf(key));
          return undefined;
        },
      },
    ],
  });
  const keys = new Map<string, string>();
  const minted = () => cloud.keyring.all().filter(({ annotations }) => 'key-warden-rotation' in annotations);
  const named = (): readonly (readonly [string, GeminiKey])[] => {
    const byHand = [...keys].flatMap(([name, text]) => {
      const key = cloud.keyring.byString(text);
      return key === undefined ? [] : [[name, key] as const];
    });
    return [...byHand, ...minted().map((key, at) => [at === 0 ? 'the new key' : `new key ${at + 1}`, key] as const)];
  };
  const nameOf = (text: string) => named().find(([, { keyString }]) => keyString === text)?.[0] ?? 'an unknown key';
  const told = telling(START, () =>
    named().flatMap(([name, { keyId, uid }]) => [
      [keyId, name],
      [uid, name],
    ]),
  );
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
    const state = stateLines();
    if (state.join('\n') === shown) return;
    shown = state.join('\n');
    if ((lines.at(-1) ?? '') !== '') lines.push('');
    lines.push(...state.map((line) => `${' '.repeat(11)}${line}`), '');
  }

  const read = (rpc: 'getSecret' | 'listSecretVersions' | 'accessSecretVersion', name: string): unknown => {
    try {
      return cloud.secrets.call(rpc, {}, rpc === 'listSecretVersions' ? { parent: name } : { name });
    } catch {
      return undefined;
    }
  };
  const keyIn = (version: string): string | undefined => {
    const answer = read('accessSecretVersion', `${SECRET}/versions/${version}`);
    const payload = isRecord(answer) && isRecord(answer['payload']) ? answer['payload']['data'] : undefined;
    return typeof payload === 'string' ? Buffer.from(payload, 'base64').toString() : undefined;
  };
  const doing = (key: string): string => {
    const { condition } = cloud.keyring.conditionOf(key, { callerIp: '127.0.0.1', headers: {} }, cloud.clock.now());
    return condition === 'works' ? 'works' : `is refused (${condition})`;
  };
  const reader = (version: 'current' | 'latest'): string => {
    const key = keyIn(version);
    return key === undefined ? `${version} gets an error` : `${version} gets ${nameOf(key)}, which ${doing(key)}`;
  };
  const known = new Map<string, string>();
  function stateLines(): readonly string[] {
    const secret = read('getSecret', SECRET);
    if (!isRecord(secret)) return [];
    const annotations = isRecord(secret['annotations']) ? secret['annotations'] : {};
    const text = annotations[ROTATION_ANNOTATION];
    const versions = read('listSecretVersions', SECRET);
    const list = isRecord(versions) && Array.isArray(versions['versions']) ? versions['versions'] : [];
    const each = list
      .filter(isRecord)
      .toReversed()
      .map((version) => {
        const number = /\d+$/.exec(String(version['name']))?.[0] ?? '';
        const key = keyIn(number);
        if (key !== undefined) known.set(number, nameOf(key));
        return `${number} ${String(version['state']).toLowerCase()} (${known.get(number)})`;
      });
    const aliases = isRecord(secret['versionAliases']) ? Object.entries(secret['versionAliases']) : [];
    return [
      phaseLine(typeof text === 'string' ? text : undefined),
      `aliases   ${aliases.map(([alias, number]) => `${alias} → ${String(number)}`).join(', ')}`,
      `versions  ${each.join(', ')}`,
      `readers   ${reader('current')}; ${reader('latest')}`,
      `issuer    ${named()
        .map(([name, { deletedAt }]) => (deletedAt === undefined ? name : `${name} (deleted)`))
        .join(', ')}`,
    ];
  }
  function phaseLine(text: string | undefined): string {
    const journal = readJournal(text);
    if (journal === undefined) return 'phase     not readable';
    if (journal.phase === 'resting') {
      const { notBefore, failures } = journal;
      const pause = notBefore === undefined ? '' : `, begins nothing by itself before ${told.time(notBefore)}`;
      return `phase     resting${failures === 0 ? '' : ` after ${failures} abandoned`}${pause}`;
    }
    const { phase, held, lease, why, wish, notBefore } = journal;
    const marks = [
      ...(held ? ['held for a person'] : []),
      ...(lease === undefined ? [] : [`leased until ${told.time(lease.until)}`]),
      ...(wish === undefined ? [] : [`asked to ${wish === 'abort' ? 'give up' : 'go back'}`]),
      ...(notBefore === undefined || held || lease !== undefined ? [] : [`waits until ${told.time(notBefore)}`]),
    ];
    const news = lease === undefined || phase === 'abandoned' ? why : undefined;
    return `phase     ${[phase, ...marks].join(', ')}${news === undefined ? '' : ` — ${told.text(news)}`}`;
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
  const environment = { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_PROJECTS: PROJECT };
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

  const stage: WalkStage = {
    cloud,
    keys,
    person(name) {
      const key = cloud.keyring.issue(
        { project: NUMBER, kind: 'auth', serviceAccountEmail: ACCOUNT, annotations: {}, restrictions: GEMINI_ONLY },
        cloud.clock.now() - DAY_MS,
      );
      keys.set(name, key.keyString);
      return key;
    },
    keyOf(name) {
      const key = named().find(([each]) => each === name)?.[1];
      if (key === undefined)
        throw new Error(
          `the walk knows no ${name}: ${named()
            .map(([each]) => each)
            .join(', ')}`,
        );
      return key;
    },
    add(name) {
      const data = Buffer.from(stage.keyOf(name).keyString).toString('base64');
      cloud.secrets.call('addSecretVersion', {}, { parent: SECRET, payload: { data } });
      sync();
    },
    setPolicy(policy) {
      const annotations = { [POLICY_ANNOTATION]: policy };
      cloud.secrets.call('updateSecret', {}, { secret: { name: SECRET, annotations }, updateMask: 'annotations' });
    },
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
        const code = await main(words, terminal, wire);
        sync();
        const said = screen.join('').trimEnd().split('\n');
        if (lines.at(-1) !== '') lines.push('');
        lines.push(...said.map((line) => `${' '.repeat(11)}| ${told.text(line)}`), `${' '.repeat(11)}exit ${code}`);
      });
    },
    work: () =>
      surviving(async () => {
        const reading = readSettings(environment, { project: true, callers: false });
        if ('problems' in reading) throw new Error(reading.problems.join('\n'));
        const { settings } = reading;
        await using wired = wire(settings);
        const order = { ...settings, scopes: scopesOf(settings), me: `worker ${(born += 1)}` };
        const { problems } = await reconcile(wired.ports, order);
        for (const problem of problems) lines.push(`${at()}  reports: “${told.text(problem)}”`);
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
  cloud.secrets.seed({
    project: PROJECT,
    secretId: 'gemini',
    payloads: [old.keyString],
    labels: { 'key-warden': 'managed' },
    aliases: { current: 1 },
  });
  cloud.meter.traffic(old, 4, cloud.clock.now());
  await cloud.advance(2 * DAY_MS);
  return stage;
}
