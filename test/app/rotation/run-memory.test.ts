import { expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { contentsFor, runMemory } from '../../../src/app/rotation/run-memory.ts';
import { rotationStage } from '../../support/rotation-stage.ts';

test('what stands under a number is read once a run, and an alias every time', async () => {
  const { vault, secret } = await rotationStage();
  const { contents } = runMemory(vault);
  const before = vault.calls.length;
  const first = await contents.read(secret, 1);
  expect(await contents.read(secret, 1)).toBe(first);
  expect(vault.calls.slice(before)).toEqual(['read']);
  await contents.read(secret, 'latest');
  await contents.read(secret, 'latest');
  expect(vault.calls.slice(before)).toEqual(['read', 'read', 'read']);
});

test('what could not be read is asked for again', async () => {
  const { vault, secret } = await rotationStage();
  const { contents } = runMemory(vault);
  vault.failNext('read', new Fault('unavailable', 'busy'));
  await expect(contents.read(secret, 1)).rejects.toMatchObject({ code: 'unavailable' });
  await expect(contents.read(secret, 1)).resolves.toMatchObject({ number: 1 });
});

test('whoever has no memory asks the vault', async () => {
  const { vault } = await rotationStage();
  expect(contentsFor({ vault })).toBe(vault);
});
