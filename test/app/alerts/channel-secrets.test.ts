import { expect, test } from '@jest/globals';
import { channelSecrets } from '../../../src/app/alerts/channel-secrets.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { alertStage } from '../../support/alert-stage.ts';

async function scene() {
  const on = alertStage();
  const { credential } = await on.channel('ops');
  return {
    on,
    credential,
    secrets: channelSecrets(on),
    reads: () => on.vault.calls.filter((call) => call === 'read').length,
  };
}

test('a credential is read once in ten minutes, without the white space around it', async () => {
  const { on, credential, secrets, reads } = await scene();
  expect((await secrets.read(credential)).reveal()).toBe('credential of ops');
  await on.clock.sleep(599_999);
  await secrets.read(credential);
  expect(reads()).toBe(1);
  await on.clock.sleep(1);
  await secrets.read(credential);
  expect(reads()).toBe(2);
});

test('reading anew finds what replaced it, and is kept from then on', async () => {
  const { on, credential, secrets, reads } = await scene();
  await secrets.read(credential);
  await on.store(credential, 'another');
  expect((await secrets.read(credential)).reveal()).toBe('credential of ops');
  expect((await secrets.readAnew(credential)).reveal()).toBe('another');
  expect((await secrets.read(credential)).reveal()).toBe('another');
  expect(reads()).toBe(2);
});

test('one that cannot be read rejects, and is asked for again the next time', async () => {
  const { on, credential, secrets } = await scene();
  on.vault.failNext('read', new Fault('denied', 'no permission'));
  await expect(secrets.read(credential)).rejects.toThrow('no permission');
  expect((await secrets.read(credential)).reveal()).toBe('credential of ops');
});

test('no credential is printed by accident (I9)', async () => {
  const { credential, secrets } = await scene();
  expect(`${String(await secrets.read(credential))}`).toBe('[redacted key]');
});
