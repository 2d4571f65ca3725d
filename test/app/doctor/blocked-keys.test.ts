import { expect, test } from '@jest/globals';
import { blockedKeys } from '../../../src/app/doctor/blocked-keys.ts';
import type { Source, SourceFinding } from '../../../src/app/doctor/doctor.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { diagnosisOf } from '../../../src/core/health/finding.ts';
import { proseOf } from '../../../src/core/values/passage.ts';
import { memoryIssuer } from '../../support/twins/memory-issuer.ts';

const TITLE = 'GEMINI_API_KEY';

async function asked(
  { keyProject, restrictions = {}, fails = false }: { keyProject?: string; restrictions?: object; fails?: boolean },
  projects: readonly string[],
  ...more: readonly Partial<SourceFinding>[]
) {
  const issuer = memoryIssuer();
  const { name } = issuer.plant({ project: '4711', restrictions: { ...restrictions } });
  const bytes = new TextEncoder().encode((await issuer.keyString(name)).reveal());
  if (fails) issuer.failNext('list', new Fault('denied', 'Grant apikeys.keys.list on it.'));
  const source: Source = { title: TITLE, place: 'environment', bytes };
  const diagnosis = { ...diagnosisOf('api_blocked', 'x'), ...(keyProject === undefined ? {} : { keyProject }) };
  const found: SourceFinding = { title: TITLE, place: 'environment', state: 'key', lint: [], diagnosis };
  const { checks, advice } = await blockedKeys(
    issuer,
    [source, ...more.map(() => source)],
    [found, ...more.map((one) => ({ ...found, ...one }))],
    projects,
  );
  return { checks, advice: advice.map(proseOf).join('\n'), keyId: name.slice(name.lastIndexOf('/') + 1) };
}

test('a key’s list is seen at the issuer, and the whole command printed', async () => {
  const restrictions = { apiTargets: [{ service: 'drive.googleapis.com' }] };
  const { checks, advice, keyId } = await asked({ keyProject: '4711', restrictions }, ['other']);
  expect(checks).toEqual([
    {
      state: 'no',
      title: `the Gemini API is in the list of ${TITLE}`,
      says: 'the key may call drive.googleapis.com, and not the Gemini API as a whole',
    },
  ]);
  expect(advice).toContain(
    `api-keys update ${keyId} --api-target=service=drive.googleapis.com --api-target=service=generativelanguage.googleapis.com --project=4711`,
  );
});

test('who may not see it is told the right that is missing, and how to see it', async () => {
  const { checks, advice } = await asked({ keyProject: '4711', fails: true }, []);
  expect(checks).toMatchObject([{ state: 'not_looked', says: 'Grant apikeys.keys.list on it.' }]);
  expect(advice).toContain('gcloud services api-keys list --project=4711');
  expect(advice).not.toContain('api-keys update');
});

test('without a project in the answer, the one that is named is looked through', async () => {
  expect((await asked({}, ['4711'])).checks).toMatchObject([{ state: 'no' }]);
  for (const projects of [[], ['one', 'two']])
    expect((await asked({}, projects)).checks).toMatchObject([{ state: 'not_looked' }]);
});

test('a key is asked about once, and one with another trouble not at all', async () => {
  const others = [{ sameAs: TITLE }, { diagnosis: diagnosisOf('key_invalid', 'x') }, { diagnosis: undefined }];
  expect((await asked({ keyProject: '4711' }, [], ...others)).checks).toHaveLength(1);
});
