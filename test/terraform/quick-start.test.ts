import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { blocksOf as codeOf } from '../papers/markdown.ts';
import { hclFile, listOf, localOf, moduleFiles, namedIn, recordOf } from './module.ts';

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const block = codeOf({ path: 'README.md', text: textOf('README.md') }).find(({ code }) =>
  code.startsWith('# on Google Cloud'),
);
const lines = (block?.code ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test('the way to Google Cloud takes fewer than ten commands', () => {
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.length).toBeLessThan(10);
});

test('who one is comes before what one turns on, and both before Terraform', () => {
  const at = (what: string) => lines.findIndex((line) => line.includes(what));
  const order = ['gcloud auth login --update-adc', 'gcloud services enable', 'npm run build', ' init', ' apply'].map(
    at,
  );
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order).not.toContain(-1);
});

test('its names are those of the example: every variable without a default, the secret, the region, the job', async () => {
  const example = [await hclFile('main.tf', textOf('terraform/examples/minimal/main.tf'))];
  const variables = Object.entries(namedIn(example, 'variable'));
  const wanted = variables.filter(([, { default: fallback }]) => fallback === undefined).map(([name]) => name);
  const given = [...(block?.code ?? '').matchAll(/-var=(\w+)=/g)].map(([, name = '']) => name);
  expect(given.toSorted()).toEqual(wanted.toSorted());
  const [called] = listOf(recordOf(example[0]?.json['module'])['key_warden']).map(recordOf);
  const [secret = '-'] = Object.keys(recordOf(called?.['secrets']));
  expect(lines.filter((line) => line.includes(secret))).toHaveLength(3);
  expect(block?.code).toContain(`--location=${String(namedIn(example, 'variable')['region']?.['default'])}`);
  const name = String(namedIn(await moduleFiles(), 'variable')['name']?.['default']);
  const [job = '-'] = Object.keys(recordOf(localOf(await moduleFiles(), 'jobs')));
  expect(block?.code).toContain(`jobs run ${name}-${job} `);
});

test('the API that is turned on by hand is one that the module wants, too', () => {
  const [, api = '-'] = /services enable (\S+)/.exec(block?.code ?? '') ?? [];
  expect(textOf('terraform/project.tf')).toContain(`"${api}"`);
});
