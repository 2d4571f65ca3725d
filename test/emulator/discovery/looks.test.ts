import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { lookAtDeployment } from '../../../src/app/doctor/deployment/deployment.ts';
import { LOOKS } from '../../../src/app/doctor/deployment/looks.ts';
import type { GoogleReader, Look } from '../../../src/app/ports/google-reader.ts';
import { googleReader } from '../../../src/edge/doctor/google-reader.ts';
import type { TestCloud } from '../../support/cloud.ts';
import { DEPLOYED, deployedCloud } from '../../support/deployed-stage.ts';
import { stillClock } from '../../support/still-clock.ts';
import { departures, methodOf } from './documents.ts';

/** Dashboards are kept without their widgets, of which Google has hundreds of messages. */
const NOT_COMPARED = ['monitoring.projects.dashboards.list'];

let cloud: TestCloud;
const made: { readonly look: Look; readonly json: unknown }[] = [];
beforeAll(async () => {
  cloud = await deployedCloud();
  const reader = googleReader({ url: cloud.url, clock: stillClock(), random: () => 0 });
  const listening: GoogleReader = {
    async read(look) {
      const seen = await reader.read(look);
      if (typeof seen === 'object') made.push({ look, json: seen.json });
      return seen;
    },
  };
  await lookAtDeployment(listening, DEPLOYED);
  await reader.close();
});
afterAll(() => cloud.close());

test('every look at a deployment is a method of Google’s that takes these parameters', () => {
  expect(made.length).toBeGreaterThan(50);
  for (const { look } of made) {
    const found = methodOf(look.method, look.path);
    expect([look.path, found?.method.id]).toEqual([look.path, expect.any(String)]);
    const taken = found?.method.query ?? [];
    for (const parameter of Object.keys({ ...look.query, ...(look.list && { pageToken: '' }) }))
      expect([look.path, taken]).toEqual([look.path, expect.arrayContaining([parameter])]);
  }
  const apis = new Set(made.map(({ look }) => look.api));
  expect(apis.size).toBe(13);
});

test('no look is left out', () => {
  const named = new Set(made.map(({ look }) => look.permission));
  const all = Object.values(LOOKS).map((look) => Reflect.apply(look, undefined, ['a@b.c', 'p', 'x', 'y']) as Look);
  expect([...named].toSorted()).toEqual([...new Set(all.map(({ permission }) => permission))].toSorted());
});

test('what the pretend cloud shows of a deployment has the form of Google’s answers', () => {
  for (const { look, json } of made) {
    const found = methodOf(look.method, look.path);
    if (found === undefined || NOT_COMPARED.includes(found.method.id)) continue;
    const wrong = departures(found.document, { $ref: found.method.response }, json);
    expect([look.path, wrong]).toEqual([look.path, []]);
  }
});
