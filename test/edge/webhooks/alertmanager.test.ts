import { expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { alertmanagerAlerts } from '../../../src/core/alerts/channels/alertmanager.ts';
import type { WardenEvent } from '../../../src/core/alerts/event/event.ts';
import { eventFor } from '../../support/notices.ts';

const PROGRAM = ['prometheus-alertmanager', 'alertmanager'].find((name) => spawnSync(name, ['--version']).status === 0);
if (PROGRAM === undefined)
  process.stderr.write('NOT RUN: no Alertmanager is installed, so its channel was tried on the pretend one alone\n');

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** An Alertmanager of its own, for as long as `use` takes. */
async function withAlertmanager(use: (url: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
  writeFileSync(join(folder, 'config.yml'), 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n');
  const address = `127.0.0.1:${await freePort()}`;
  const words = [
    `--config.file=${join(folder, 'config.yml')}`,
    `--storage.path=${folder}`,
    `--web.listen-address=${address}`,
    '--cluster.listen-address=',
  ];
  const running = spawn(PROGRAM ?? '', words, { stdio: 'ignore' });
  try {
    const url = `http://${address}`;
    while (!(await isReady(url))) {
      if (running.exitCode !== null) throw new Error(`Alertmanager ended with ${running.exitCode}`);
      await pause(50);
    }
    await use(url);
  } finally {
    running.kill();
    if (running.exitCode === null) await once(running, 'exit');
    rmSync(folder, { recursive: true });
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/-/ready`)).ok;
  } catch {
    return false;
  }
}

(PROGRAM === undefined ? test.skip : test)(
  'a real Alertmanager opens one alert an incident, moves it with its severity, and ends it',
  async () => {
    await withAlertmanager(async (url) => {
      const now = new Date();
      const since = new Date(now.getTime() - 3_600_000).toISOString();
      const send = async (event: WardenEvent) => {
        for (const { path, body } of alertmanagerAlerts({
          ...event,
          time: now.toISOString(),
          data: { ...event.data, since },
        })) {
          const answer = await fetch(`${url}${path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          });
          expect([answer.status, await answer.text()]).toEqual([200, '']);
        }
      };
      const standing = async () => {
        const alerts = (await (await fetch(`${url}/api/v2/alerts`)).json()) as readonly {
          readonly labels: Readonly<Record<string, string>>;
        }[];
        return alerts.map(({ labels }) => [labels['thread'], labels['severity']]);
      };

      const { data, ...event } = eventFor('key.unhealthy');
      await send({ ...event, data: { ...data, severity: 'error', gravity: 'error' } });
      expect(await standing()).toEqual([[data.thread, 'error']]);
      await send({ ...event, data });
      expect(await standing()).toEqual([[data.thread, 'critical']]);
      await send(eventFor('key.recovered'));
      expect(await standing()).toEqual([]);
    });
  },
  60_000,
);
