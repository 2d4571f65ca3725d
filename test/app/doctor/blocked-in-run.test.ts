import { expect, test } from '@jest/globals';
import { check } from '../../../src/app/check/check.ts';
import { withAllowedApis } from '../../../src/app/doctor/blocked-in-run.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { reportOf } from '../../../src/core/health/check-run.ts';
import { ORDER, stage } from '../../support/stage.ts';
import { memoryIssuer } from '../../support/twins/memory-issuer.ts';

const DRIVE = { apiTargets: [{ service: 'drive.googleapis.com' }] };

/** A run over one secret whose key its issuer keeps from Gemini; `told` is the project that Google’s answer names. */
async function blockedRun(told?: string) {
  const stand = stage();
  const issuer = memoryIssuer();
  const project = told ?? 'demo-project';
  const { name } = issuer.plant({ project, restrictions: DRIVE });
  const key = (await issuer.keyString(name)).reveal();
  const consumer = told === undefined ? {} : { metadata: { consumer: `projects/${told}` } };
  const details = [{ reason: 'API_KEY_SERVICE_BLOCKED', ...consumer }];
  const body = { error: { code: 403, status: 'PERMISSION_DENIED', message: 'Blocked.', details } };
  stand.prober.script(key, 'list', { status: 403, body });
  await stand.secret('app-key', [key]);
  const run = await check({ ...stand.ports }, { ...ORDER, record: false });
  const look = async () => {
    const { secrets } = reportOf(await withAllowedApis({ vault: stand.vault, issuer }, run));
    return secrets[0];
  };
  return { ...stand, issuer, run, look, keyId: name.slice(name.lastIndexOf('/') + 1) };
}

test('the command that replaces the list of a blocked key names all of it', async () => {
  const { look, keyId } = await blockedRun('4711');
  const row = await look();
  expect(row?.notes.join()).toContain('the key may call drive.googleapis.com, and not the Gemini API');
  expect(row?.remedy.join()).toContain(
    `\`gcloud services api-keys update ${keyId} --api-target=service=drive.googleapis.com --api-target=service=generativelanguage.googleapis.com --project=4711\``,
  );
  expect(row?.remedy.join()).not.toMatch(/This destroys the list|KEY_ID/);
});

test('where the answer names no project, the secret’s own is looked through', async () => {
  const { look } = await blockedRun();
  expect((await look())?.apiTargets).toHaveLength(1);
});

test('what was not seen is replaced by no command', async () => {
  const { look, issuer } = await blockedRun('4711');
  issuer.failNext('list', new Fault('denied', 'Grant apikeys.keys.list on it.'));
  const row = await look();
  expect(row?.notes.join()).toContain('which APIs the key may call was not seen: Grant apikeys.keys.list on it.');
  expect(row?.remedy.join()).not.toContain('api-keys update');
});

test('a version that cannot be read any more is left to the next check, and other causes ask nothing', async () => {
  const { look, vault, secret, issuer, run } = await blockedRun('4711');
  vault.failNext('read', new Fault('disabled', 'it was disabled'));
  expect((await look())?.apiTargets).toBeUndefined();
  await secret('other', ['no key']);
  const unread = {
    ...run,
    checked: run.checked.map((one) => ({ ...one, finding: { ...one.finding, version: undefined } })),
  };
  expect((await withAllowedApis({ vault, issuer }, unread)).checked[0]?.finding.apiTargets).toHaveLength(1);
  const calls = issuer.calls.length;
  await withAllowedApis({ vault, issuer }, { ...run, checked: [] });
  expect(issuer.calls).toHaveLength(calls);
});
