import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { http } from '@google-cloud/functions-framework';
import { readSettings } from '../../src/core/settings/read-settings.ts';
import { scopesOf } from '../../src/core/settings/settings.ts';
import type { Approval } from '../../src/core/record/approval.ts';
import { valueOf } from '../../src/core/record/part.ts';
import { changeOf } from '../../src/core/record/secret-record.ts';
import { callerCheck } from '../../src/edge/process/callers.ts';
import { structuredLog } from '../../src/edge/process/log.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { rotateFunction } from '../../src/functions/rotate.ts';
import { wireTo, type Wired } from '../../src/wire.ts';
import { pretendCloud, timeOf } from '../support/cloud.ts';
import { served } from '../support/served.ts';

const AUDIENCE = 'https://rotate.example';
const account = (id: string) => `${id}@${SHOWCASE_PROJECT}.iam.gserviceaccount.com`;
/** One asks, one may do both, one may approve and nothing else. */
const [ASKER, BOTH, APPROVER] = [account('release'), account('lead'), account('approver')];
const BOOK = `projects/${SHOWCASE_PROJECT}/secrets/approvals`;
const SEARCH = `projects/${SHOWCASE_PROJECT}/secrets/search-app`;

let cloud: PretendCloud;
let wired: Wired;

async function deploy(more: Record<string, string> = {}): Promise<void> {
  const environment = {
    KEY_WARDEN_EMULATOR: cloud.url,
    KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
    KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
    KEY_WARDEN_KEY_SERVICE_ACCOUNT: account('search-app'),
    KEY_WARDEN_AUDIENCE: AUDIENCE,
    KEY_WARDEN_CALLERS: `${ASKER},${BOTH}`,
    KEY_WARDEN_APPROVERS: `${BOTH},${APPROVER}`,
    KEY_WARDEN_APPROVAL: '1',
    KEY_WARDEN_APPROVALS: BOOK,
    ...more,
  };
  const reading = readSettings(environment, { project: true, callers: true });
  if ('problems' in reading) throw new Error(reading.problems.join('\n'));
  const { settings } = reading;
  wired = wireTo(
    structuredLog(() => undefined),
    timeOf(cloud),
  )(settings);
  const callers = callerCheck(settings.callers, settings.endpoints.oidc, () => wired.ports.clock.now());
  http('rotate', rotateFunction(wired.ports, { me: 'w', ...settings, scopes: scopesOf(settings) }, callers));
}

beforeEach(async () => {
  cloud = await pretendCloud({ propagation: { newKeyMs: 0 } });
  setUpShowcase(cloud);
  cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'approvals', labels: {}, payloads: [] });
  await deploy();
});

afterEach(async () => {
  await wired[Symbol.asyncDispose]();
  await cloud.close();
});

async function call(caller: string, body: object) {
  await using worker = await served('rotate');
  const authorization = `Bearer ${cloud.oidc.idToken(caller, AUDIENCE)}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const answer = await fetch(worker.url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, text: await answer.text() };
}

const planIn = (text: string) => /--plan ([0-9a-f]{32})/.exec(text)?.[1] ?? '';
const approve = (caller: string, plan: string, more: object = {}) =>
  call(caller, { secret: SEARCH, mode: 'approve', plan, ...more });

/** What one run asked for together, as its message and the book name it. */
const GROUP = 'ab'.repeat(16);
const OTHER = `projects/${SHOWCASE_PROJECT}/secrets/chat-app`;

/** Two rotations are asked for, and put into one group. */
async function askedTogether(more: readonly Partial<Approval>[] = []): Promise<void> {
  for (const secret of [SEARCH, OTHER]) await call(ASKER, { secret });
  const { vault } = wired.ports;
  const book = await vault.look(BOOK);
  const waits = valueOf(book.record.approvals) ?? [];
  const [first] = waits;
  if (first === undefined) throw new Error('nothing waits');
  const all = [...waits, ...more.map((fields) => ({ ...first, ...fields }))].map((one) => ({ ...one, group: GROUP }));
  await vault.commit(book, { annotations: changeOf(book.record, { approvals: all }) });
}

describe('approve of all that one message asks for', () => {
  const together = (caller: string, more: object = {}) => call(caller, { mode: 'approve', group: GROUP, ...more });

  test('approves each as if it were asked for alone, and tells what was refused', async () => {
    await askedTogether([{ secret: 'projects/elsewhere/secrets/app' }]);
    const dry = await together(APPROVER, { dryRun: true });
    expect({ status: dry.status, ...JSON.parse(dry.text) }).toMatchObject({
      status: 200,
      dryRun: true,
      approved: [{}, {}],
    });
    const done = await together(APPROVER);
    expect({ status: done.status, ...JSON.parse(done.text) }).toMatchObject({
      status: 200,
      schema: 'key-warden/approvals/v1',
      group: GROUP,
      approved: [{ approvedBy: { who: APPROVER } }, { approvedBy: { who: APPROVER } }],
      refused: [{ secret: 'projects/elsewhere/secrets/app', why: expect.stringContaining('none of the projects') }],
    });
    expect(await together(APPROVER)).toMatchObject({ status: 422, text: expect.stringContaining('approved already') });
  });

  test('is not for who asked, nor for who may only rotate, and nothing where nothing waits', async () => {
    expect(await together(APPROVER)).toMatchObject({
      status: 422,
      text: expect.stringContaining('nothing of it waits'),
    });
    await askedTogether();
    expect(await together(ASKER)).toMatchObject({ status: 403 });
    await wired[Symbol.asyncDispose]();
    await deploy({ KEY_WARDEN_APPROVALS: `${BOOK}-gone` });
    expect(await together(APPROVER)).toMatchObject({ status: 422, text: expect.stringContaining('is not known') });
  });

  test('takes a group as it was told, and no secret or plan beside it', async () => {
    expect(await together(APPROVER, { group: 'yes' })).toMatchObject({ status: 400 });
    for (const more of [{ secret: SEARCH }, { plan: '0'.repeat(32) }])
      expect(await together(APPROVER, more)).toMatchObject({
        status: 400,
        text: expect.stringContaining('secret and plan, or group'),
      });
  });
});

describe('approve', () => {
  test('lets a rotation begin that somebody else asked for, under two verified names', async () => {
    const waiting = await call(ASKER, { secret: SEARCH, reason: 'quarterly' });
    expect(waiting).toMatchObject({ status: 422, text: expect.stringContaining(`somebody else than ${ASKER}`) });
    const plan = planIn(waiting.text);
    const dry = await approve(APPROVER, plan, { dryRun: true });
    expect(JSON.parse(dry.text)).toMatchObject({
      schema: 'key-warden/approval/v1',
      dryRun: true,
      askedBy: { who: ASKER, is: 'verified' },
    });
    const done = await approve(APPROVER, plan);
    expect({ status: done.status, ...JSON.parse(done.text) }).toMatchObject({
      status: 200,
      outcome: 'approved',
      approvedBy: { who: APPROVER, is: 'verified' },
      plan,
    });
    const begun = await call(ASKER, { secret: SEARCH, reason: 'quarterly' });
    expect({ status: begun.status, ...JSON.parse(begun.text) }).toMatchObject({
      status: 202,
      rotation: {
        phase: 'promoted',
        by: { who: ASKER, is: 'verified' },
        note: `approved by ${APPROVER} (verified); quarterly`,
      },
    });
    expect(await approve(APPROVER, plan)).toMatchObject({
      status: 422,
      text: expect.stringContaining('nothing waits for approval'),
    });
  });

  test('is not for who may only rotate, and who may only approve does nothing else', async () => {
    const plan = planIn((await call(ASKER, { secret: SEARCH })).text);
    expect(await approve(ASKER, plan)).toMatchObject({
      status: 403,
      text: expect.stringContaining('KEY_WARDEN_APPROVERS'),
    });
    expect(await call(APPROVER, { secret: SEARCH })).toMatchObject({
      status: 403,
      text: expect.stringContaining('ask for nothing else'),
    });
    expect(await call(account('stranger'), { secret: SEARCH })).toMatchObject({ status: 403 });
  });

  test('is not for who asked, who may approve what others ask for', async () => {
    const plan = planIn((await call(BOTH, { secret: SEARCH })).text);
    expect(await approve(BOTH, plan)).toMatchObject({
      status: 422,
      text: expect.stringContaining('is approved by somebody else'),
    });
    expect(await approve(APPROVER, plan)).toMatchObject({ status: 200 });
  });

  test('takes a plan as it was told, and nothing else', async () => {
    expect(await call(APPROVER, { secret: SEARCH, mode: 'approve' })).toMatchObject({
      status: 400,
      text: expect.stringContaining('plan is missing'),
    });
    expect(await approve(APPROVER, 'yes')).toMatchObject({
      status: 400,
      text: expect.stringContaining('32 letters and digits'),
    });
    expect(await call(ASKER, { secret: SEARCH, plan: '0'.repeat(32) })).toMatchObject({
      status: 400,
      text: expect.stringContaining('plan does not go with the mode planned'),
    });
  });

  test('is refused where callers are not verified, and so is what they ask for', async () => {
    await wired[Symbol.asyncDispose]();
    await deploy({ KEY_WARDEN_VERIFY_CALLERS: 'off' });
    expect(await call('anybody', { secret: SEARCH })).toMatchObject({
      status: 422,
      text: expect.stringContaining('only claimed here'),
    });
    expect(await approve('anybody', '0'.repeat(32))).toMatchObject({
      status: 422,
      text: expect.stringContaining('takes a verified token'),
    });
  });

  test('a dry run says that it would wait, and is no request', async () => {
    const { text } = await call(ASKER, { secret: SEARCH, dryRun: true });
    expect(JSON.parse(text)).toMatchObject({
      problems: expect.arrayContaining(['it waits first for somebody else to approve it (approval)']),
    });
    expect(JSON.stringify(cloud.secrets.snapshot())).not.toContain('key-warden.approvals');
  });
});
