import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { isRecord, parseRecord, type JsonRecord } from '../../src/core/values/json.ts';

/** Where Debian and others put it; `CHROMIUM` names another one. */
const PATHS = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine; `undefined` where there is none. */
export function browserHere(): string | undefined {
  return PATHS.find((path) => path !== undefined && existsSync(path));
}

/** How a page is looked at. */
export interface Look {
  readonly width: number;
  readonly height?: number;
  readonly scheme: 'light' | 'dark';
  readonly scripts?: boolean;
}

/** A page that is open in a real browser. */
export interface OpenPage {
  /** Requests that it made, itself included, and what the browser complained of. */
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
  /** Runs an expression in the page, also where the page itself may run nothing. */
  run(expression: string): Promise<unknown>;
  press(key: string): Promise<void>;
  /** A picture of all of it, as PNG. */
  picture(): Promise<Buffer>;
}

export interface Browser extends AsyncDisposable {
  open(url: string, look: Look): Promise<OpenPage>;
}

type Hear = (method: string, params: JsonRecord) => void;

/**
 * Starts a real browser and speaks its devtools protocol over a pipe: messages end with a zero byte. There is no port that somebody else
 * could reach, and no library between.
 */
export async function startBrowser(path: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'key-warden-browser-'));
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--hide-scrollbars',
    '--force-color-profile=srgb',
  ];
  const child = spawn(path, [...flags, `--user-data-dir=${profile}`, '--remote-debugging-pipe', 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [, , , to, from] = child.stdio;
  if (!(to instanceof Writable) || !(from instanceof Readable)) throw new Error('the browser has no pipes');
  const waiting = new Map<number, PromiseWithResolvers<JsonRecord>>();
  const hearing = new Map<string, Hear>();
  let rest = '';
  from.setEncoding('utf8').on('data', (chunk: string) => {
    const messages = `${rest}${chunk}`.split('\0');
    rest = messages.pop() ?? '';
    for (const message of messages.map(parseRecord)) {
      const { id, result, error, method, params, sessionId } = message ?? {};
      const asked = typeof id === 'number' ? waiting.get(id) : undefined;
      if (asked !== undefined && error !== undefined) asked.reject(new Error(JSON.stringify(error)));
      else if (asked !== undefined) asked.resolve(isRecord(result) ? result : {});
      else if (typeof sessionId === 'string' && typeof method === 'string' && isRecord(params))
        hearing.get(sessionId)?.(method, params);
    }
  });
  let last = 0;
  const send = (method: string, params: JsonRecord = {}, sessionId?: string): Promise<JsonRecord> => {
    last += 1;
    const answer = Promise.withResolvers<JsonRecord>();
    waiting.set(last, answer);
    to.write(`${JSON.stringify({ id: last, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
    return answer.promise;
  };
  return {
    open: (url, look) => openedPage(send, hearing, url, look),
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      void send('Browser.close').catch(() => undefined);
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

type Send = (method: string, params?: JsonRecord, sessionId?: string) => Promise<JsonRecord>;

async function openedPage(send: Send, hearing: Map<string, Hear>, url: string, look: Look): Promise<OpenPage> {
  const { width, height = 900, scheme, scripts = true } = look;
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const session = String(sessionId);
  const ask = (method: string, params: JsonRecord = {}) => send(method, params, session);
  const requests: string[] = [];
  const complaints: string[] = [];
  const loaded = Promise.withResolvers<void>();
  hearing.set(session, (method, params) => {
    if (method === 'Page.loadEventFired') loaded.resolve();
    if (method === 'Network.requestWillBeSent' && isRecord(params['request']))
      requests.push(String(params['request']['url']));
    if (method === 'Log.entryAdded' && isRecord(params['entry'])) complaints.push(String(params['entry']['text']));
  });
  for (const domain of ['Page', 'Network', 'Log', 'Runtime']) await ask(`${domain}.enable`);
  await ask('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  await ask('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  if (!scripts) await ask('Emulation.setScriptExecutionDisabled', { value: true });
  await ask('Page.navigate', { url });
  await loaded.promise;
  return {
    requests,
    complaints,
    async run(expression) {
      const { result, exceptionDetails } = await ask('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails).slice(0, 2000));
      return isRecord(result) ? result['value'] : undefined;
    },
    async press(key) {
      for (const type of ['keyDown', 'keyUp'])
        await ask('Input.dispatchKeyEvent', {
          type,
          key,
          code: key,
          windowsVirtualKeyCode: KEY_CODES[key],
          ...(key === 'Enter' ? { text: '\r' } : {}),
        });
    },
    async picture() {
      const { data } = await ask('Page.captureScreenshot', { captureBeyondViewport: true });
      return Buffer.from(String(data), 'base64');
    },
  };
}

const KEY_CODES: Readonly<Record<string, number>> = { Tab: 9, Enter: 13 };
