import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { stderr } from 'node:process';
import { MINUTE_MS } from '../../support/cloud.ts';
import { walkStage } from './stage.ts';

/** An outside call of a rotation that meets no trouble, and what would be lost without it. */
interface Budgeted {
  readonly call: string;
  readonly why: string;
}

/** What the command asks before it does anything: who else serves the key (I13). A list and its accesses, for all of the fleet. */
const WHO_ELSE: readonly Budgeted[] = [
  { call: 'Secret Manager GET secret', why: 'which version it is, and which field of it' },
  { call: 'Secret Manager GET version 1:access', why: 'the key that is compared with what others serve' },
  { call: 'Secret Manager GET secrets where labels.key-warden=managed', why: 'whose keys are to be compared' },
  { call: 'Secret Manager GET version latest:access', why: 'what each secret serves; of this one it is not used' },
];

/** What the command asks when it is done. */
const CLOSING: readonly Budgeted[] = [
  { call: 'Secret Manager GET secret', why: 'what is true now, which the command ends with' },
];

/** What the command does at once: open, mint, write, verify, promote. */
const AT_ONCE: readonly Budgeted[] = [
  {
    call: 'Secret Manager GET secret',
    why: 'the journal, the aliases, the policy, and the etag that guards every write',
  },
  { call: 'Secret Manager GET version latest', why: 'whether there is a version at all, and how old the key is' },
  {
    call: 'Secret Manager GET version 1:access',
    why: 'whether exactly one key is held, in a form that can be kept (I12); the mint looks for this key at its issuer, and the write and its check keep what stands around it (I11)',
  },
  {
    call: 'API Keys GET keys',
    why: 'the old key’s restrictions and account are copied, and it is known before anything is on record that there is one; its uid is what the drain measures',
  },
  {
    call: 'API Keys GET the old key/keyString',
    why: 'which record is the old key’s; a look-up would put the key into a URL',
  },
  {
    call: 'Secret Manager PATCH secret (annotations)',
    why: 'opened: who loses this race stops; the lease of the mint is in it',
  },
  { call: 'API Keys POST keys', why: 'the mint, under an id that gives the same key when it is repeated' },
  { call: 'Secret Manager PATCH secret (annotations)', why: 'minted: from here on a crash cannot lose the key' },
  { call: 'API Keys GET the new key/keyString', why: 'the mint answers with a record, and the key itself only here' },
  { call: 'Secret Manager GET versions', why: 'an earlier add whose answer was lost is found instead of adding again' },
  { call: 'Gemini GET models with the new key', why: 'proves that it authenticates before anybody can read it (I3)' },
  {
    call: 'Gemini POST model:generateContent with the new key',
    why: 'proves billing, quota and project, which the list cannot see',
  },
  { call: 'Secret Manager POST secret:addVersion', why: 'the write' },
  { call: 'Secret Manager PATCH secret (annotations)', why: 'written: which version is ours' },
  {
    call: 'Secret Manager GET version 2:access',
    why: 'what was stored, read back by its number, the one strongly consistent read (I2)',
  },
  {
    call: 'API Keys GET the new key/keyString',
    why: 'what should have been stored: the issuer’s word, not this process’s memory',
  },
  { call: 'Gemini GET models with the new key', why: 'the stored bytes authenticate (I2)' },
  { call: 'Gemini POST model:generateContent with the new key', why: 'the stored bytes do the job (I2)' },
  { call: 'Secret Manager PATCH secret (annotations)', why: 'verified' },
  {
    call: 'Secret Manager GET version 2',
    why: 'nobody disabled it meanwhile, which the secret’s etag would not tell (I1)',
  },
  {
    call: 'Secret Manager PATCH secret (annotations, version_aliases)',
    why: 'promoted: the aliases move with the journal, which says until when nobody need look',
  },
  {
    call: 'Secret Manager PATCH secret (annotations)',
    why: 'the promotion was announced after it was recorded: else the next run would tell it again (I15)',
  },
];

/** What the scheduled worker does once the drain may be over. */
const AFTER_THE_DRAIN: readonly Budgeted[] = [
  {
    call: 'Secret Manager GET secrets where labels.key-warden=managed',
    why: 'finds what is due, with its journal and its etag; shared by all secrets',
  },
  { call: 'Secret Manager GET version 2:access', why: 'the new key, before the old one is taken away' },
  { call: 'Gemini GET models with the new key', why: 'it still authenticates' },
  {
    call: 'Gemini POST model:generateContent with the new key',
    why: 'it still does the job: after this there is no easy way back',
  },
  {
    call: 'Monitoring GET timeSeries of the old key from -672:00:00 to 6:00:00',
    why: 'nobody used the old key for longer than it ever paused in the four weeks before (I4)',
  },
  { call: 'Secret Manager PATCH secret (annotations)', why: 'drained: the evidence' },
  {
    call: 'Secret Manager GET versions',
    why: 'the etags under which versions are disabled, and copies that a crash left',
  },
  { call: 'API Keys GET the old key', why: 'its mark; a key that no rotation made has none yet (I16)' },
  { call: 'API Keys GET the old key/keyString', why: 'so its string must be the one that the version holds' },
  { call: 'Secret Manager GET version 1:access', why: 'the proof, while it can still be read' },
  { call: 'API Keys GET the old key', why: 'the marks that others put there are written back with ours' },
  { call: 'API Keys PATCH the old key (annotations)', why: 'the mark that the purge asks for, once a key' },
  { call: 'Secret Manager GET secret', why: 'a rollback that began after the etags were read has moved this one (I7)' },
  { call: 'Secret Manager POST version 1:disable', why: 'the retirement' },
  { call: 'Secret Manager PATCH secret (annotations)', why: 'at rest: ledger and history' },
  {
    call: 'Secret Manager GET version latest',
    why: 'whether somebody added a version meanwhile, which is then the next candidate',
  },
  { call: 'Secret Manager PATCH secret (annotations)', why: 'the end was announced after it was recorded (I15)' },
];

test('a rotation that meets no trouble makes these calls and no other', async () => {
  await using stage = await walkStage({ newKeyMs: 0 });
  await stage.type(['rotate', '--secret', 'gemini']);
  expect(stage.calls()).toEqual([...WHO_ELSE, ...AT_ONCE, ...CLOSING].map(({ call }) => call));
  stage.cloud.meter.traffic(stage.keyOf('the old key'), 0, stage.cloud.clock.now());
  await stage.pass(6 * 60 * MINUTE_MS + 31 * MINUTE_MS);
  await stage.work();
  const budget = [...AT_ONCE, ...AFTER_THE_DRAIN];
  expect(stage.calls()).toEqual([...WHO_ELSE, ...AT_ONCE, ...CLOSING, ...AFTER_THE_DRAIN].map(({ call }) => call));
  expect(stage.happened().findLast((line) => line.includes('phase '))).toContain('resting');
  const writes = budget.filter(({ call }) => / (POST|PATCH|DELETE) /.test(call) && !call.startsWith('Gemini'));
  const gemini = budget.filter(({ call }) => call.startsWith('Gemini'));
  const said = `${budget.length} calls from open to rest, ${writes.length} of which write and ${gemini.length} of which go to Gemini`;
  const paper = readFileSync(new URL('../../../docs/rotation.md', import.meta.url), 'utf8');
  expect(paper.replaceAll(/\s+/g, ' ')).toContain(said);
  stderr.write(
    `budget: a rotation that meets no trouble makes ${budget.length} calls, ${writes.length} of which write and ${gemini.length} of which go to Gemini\n`,
  );
});

test('a call that is made twice has a reason of its own', () => {
  const all = [...WHO_ELSE, ...AT_ONCE, ...CLOSING, ...AFTER_THE_DRAIN];
  expect(new Set(all.map(({ call, why }) => `${call}: ${why}`)).size).toBe(all.length);
  for (const { why } of all) expect(why).not.toBe('');
});
