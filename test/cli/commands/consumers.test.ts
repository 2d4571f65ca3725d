import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { run } from '../../support/captured.ts';
import { NUMBER, OTHER, PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';
import { deploy, fileTemplate, mayRead, template, variable } from '../../support/consumers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
  await mayRead(cloud);
  cloud.secrets.seed({ project: PROJECT, secretId: 'gemini', payloads: ['one', 'two'], aliases: { current: 1 } });
});
afterEach(() => cloud.close());

const type = (...words: readonly string[]) =>
  run(['consumers', ...words], {
    environment: { KEY_WARDEN_EMULATOR: cloud.url },
    width: 60,
  });

test('everybody who reads a secret stands in a table of sixty columns, with when they see a new version', async () => {
  await deploy(cloud, 'api', { template: template([variable('GEMINI_API_KEY', 'gemini', 'current')]) });
  await deploy(cloud, 'web', { template: fileTemplate('gemini', 'latest') });
  const said = await type('gemini', '--project', PROJECT);
  expect(said.out.split('\n').map((line) => line.trimEnd())).toEqual([
    'CONSUMER     SEES A NEW VERSION  READS    AS',
    'service api  next instance       current  GEMINI_API_KEY',
    'service web  at once             latest   /secrets/key',
    `2 consumers in 1 project: ${PROJECT}`,
    '',
  ]);
  expect(said.code).toBe(0);
});

test('who goes on with the old key is named, with what to do, and makes it end with 1', async () => {
  await deploy(cloud, 'api', { template: template([variable('KEY', 'gemini', '1')]) });
  const said = await type('gemini', '--project', PROJECT);
  expect(said.out.replace(/\s+/g, ' ')).toContain(
    `left service api in europe-west1 (${PROJECT}) names version 1 in the variable KEY: let it read current, or change the number after the rotation`,
  );
  expect(said.code).toBe(1);
});

test('other projects are looked through where they are named, and a gap there is no “nobody”', async () => {
  await cloud.ask('POST', `/v2/projects/${OTHER}/locations/us-east1/services?serviceId=far`, {
    body: {
      template: template([variable('KEY', `projects/${NUMBER}/secrets/gemini`, 'current')]),
    },
  });
  const everywhere = ['gemini', '--project', PROJECT, '--project', OTHER];
  const said = await type(...everywhere);
  expect([said.code, said.out]).toEqual([0, expect.stringContaining('service far')]);
  await cloud.control('POST faults', { match: { service: 'functions', path: OTHER }, status: 403 });
  const barred = await type(...everywhere);
  expect(barred.out.replace(/\s+/g, ' ')).toContain(`not looked at Cannot list the functions of ${OTHER}`);
  expect(barred.code).toBe(4);
  await cloud.control('POST pace', { unreachable: ['us-east1'] });
  expect((await type(...everywhere)).code).toBe(3);
});

test('a secret may be named in full, and nobody is said where nobody was found', async () => {
  const said = await type('--secret', `projects/${PROJECT}/secrets/gemini`, '--project', OTHER);
  expect(said.out).toContain('nobody was found that reads it in 2 projects');
  expect(said.code).toBe(0);
});

test('as JSON it says the same', async () => {
  await deploy(cloud, 'api', { template: template([variable('KEY', 'gemini', '1')]), labels: { team: 'search' } });
  const said = await type('gemini', '--project', PROJECT, '--json');
  expect(JSON.parse(said.out)).toMatchObject({
    schema: 'key-warden/consumers/v1',
    secret: `projects/${NUMBER}/secrets/gemini`,
    projects: [PROJECT],
    readers: [{ kind: 'service', sees: 'never', leftBehind: true, labels: { team: 'search' }, share: 100 }],
    notLooked: [],
  });
});

test('without a secret it says how one is named', async () => {
  expect(await type('--project', PROJECT)).toMatchObject({ code: 2, err: expect.stringContaining('name one secret') });
});

test('status looks up the readers of every secret where it is asked to', async () => {
  cloud.secrets.seed({ project: PROJECT, secretId: 'maps', payloads: ['one'], labels: { 'key-warden': 'managed' } });
  await deploy(cloud, 'api', { template: template([variable('KEY', 'maps', '1')]) });
  const status = (...words: readonly string[]) =>
    run(['status', '--project', PROJECT, ...words], { environment: { KEY_WARDEN_EMULATOR: cloud.url } });
  expect((await status('--consumers')).out).toContain(
    `\nmaps\n  readers  1 consumer; a new version is seen never by 1\n  left  service api in europe-west1 (${PROJECT})`,
  );
  expect((await status()).out).not.toContain('readers');
  const { secrets } = JSON.parse((await status('--consumers', '--json')).out) as { readonly secrets: unknown };
  expect(secrets).toMatchObject([{ consumers: { readers: [{ version: '1', sees: 'never' }], notLooked: [] } }]);
  await cloud.control('POST faults', { match: { service: 'functions' }, status: 403 });
  const barred = await status('--consumers');
  expect([barred.code, barred.out]).toEqual([4, expect.stringContaining('Cannot list the functions')]);
  expect(await status('--consumers', '--watch')).toMatchObject({ code: 2 });
});

test('status shows them in its page, and in a table for spreadsheets with a row for each way of reading', async () => {
  for (const secretId of ['idle', 'maps'])
    cloud.secrets.seed({ project: PROJECT, secretId, payloads: ['one'], labels: { 'key-warden': 'managed' } });
  await deploy(cloud, 'api', { template: template([variable('KEY', 'maps', '1')]) });
  await deploy(cloud, 'web', { template: fileTemplate('maps', 'latest') });
  const status = (...words: readonly string[]) =>
    run(['status', '--project', PROJECT, ...words], { environment: { KEY_WARDEN_EMULATOR: cloud.url } });
  const page = await status('--consumers', '--html', '-');
  expect(page.out).toContain('<b>service api</b>');
  expect(page.out).toContain('1 secret of which no reader was found');
  expect((await status('--html', '-')).out).not.toContain('service api');
  const titles = /looked_for_consumers,consumer_kind,consumer,.*,sees_new_version,left_behind,running,/;
  const table = await status('--consumers', '--csv', '--sort', 'name');
  const [head, ...rows] = table.out.split('\r\n');
  expect(head).toMatch(titles);
  expect(rows).toEqual([
    expect.stringMatching(/secrets\/idle,.*,everywhere,{13}$/),
    expect.stringMatching(/secrets\/maps,.*,everywhere,service,.*\/services\/api,.*,variable,KEY,1,never,yes,api-/),
    expect.stringMatching(/secrets\/maps,.*,everywhere,service,.*\/services\/web,.*,latest,at once,no,web-/),
    '',
  ]);
  expect((await status('--csv')).out).not.toMatch(titles);
  const refused = () => cloud.control('POST faults', { match: { service: 'functions' }, status: 403 });
  await refused();
  const barred = await status('--consumers', '--csv');
  expect([barred.code, barred.err]).toEqual([4, expect.stringContaining('Cannot list the functions')]);
  expect(barred.out).toContain(',not everywhere,');
  await refused();
  const gap = await status('--consumers', '--html', '-');
  expect([gap.code, gap.out.match(/Cannot list the functions/g)?.length]).toEqual([4, 1]);
});

describe('of an organisation', () => {
  const elsewhere = (id: string) =>
    cloud.ask('POST', `/v2/projects/${OTHER}/locations/us-east1/services?serviceId=${id}`, {
      body: { template: template([variable('KEY', `projects/${NUMBER}/secrets/gemini`, 'current')]) },
    });

  test('those of projects that nobody named are found, and that the inventory is late is said', async () => {
    await elsewhere('far');
    const said = await type('gemini', '--project', PROJECT, '--organization', '100000000001');
    expect(said.out.replace(/\s+/g, ' ')).toContain('service far');
    expect(said.out.replace(/\s+/g, ' ')).toContain('late projects of organizations/100000000001 are those that');
    expect(said.code).toBe(0);
    const json = JSON.parse(
      (await type('gemini', '--project', PROJECT, '--organization', '100000000001', '--json')).out,
    );
    expect(json).toMatchObject({ projects: [PROJECT, OTHER], late: [expect.any(String)] });
  });

  test('or of a folder, and by a setting for everything that looks', async () => {
    await elsewhere('far');
    await cloud.control('POST projects', { project: OTHER, folder: 'folders/7' });
    expect((await type('gemini', '--project', PROJECT, '--folder', '7')).out).toContain('far');
    const environment = { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_CONSUMER_SCOPE: 'folders/7' };
    const set = await run(['consumers', 'gemini', '--project', PROJECT], { environment });
    expect(set.out).toContain('far');
    cloud.secrets.seed({ project: PROJECT, secretId: 'maps', payloads: ['one'], labels: { 'key-warden': 'managed' } });
    const status = await run(['status', '--consumers', '--project', PROJECT], { environment });
    expect(status.err).toContain('note: projects of folders/7 are those that Cloud Asset Inventory knows');
  });

  test('a search that is refused is a gap: never nobody', async () => {
    const said = await type('gemini', '--project', PROJECT, '--organization', '2');
    expect(said.out.replace(/\s+/g, ' ')).toContain('not looked at Cannot search organizations/2 for its projects');
    expect(said.code).toBe(4);
  });

  test('it is named by its number, and one of the two', async () => {
    const both = await type('gemini', '--project', PROJECT, '--organization', '1', '--folder', '7');
    expect(both).toMatchObject({ code: 2, err: expect.stringContaining('not both') });
    const odd = await type('gemini', '--project', PROJECT, '--organization', 'acme.example');
    expect(odd).toMatchObject({ code: 2, err: expect.stringContaining('"acme.example" is no number') });
  });
});
