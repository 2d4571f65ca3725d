import { expect, test } from '@jest/globals';
import { apisAtIssuer } from '../../../src/app/keys/allowed-apis.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import { memoryIssuer } from '../../support/twins/memory-issuer.ts';

const project = 'keys-prod';
const MAPS = { apiTargets: [{ service: 'maps-backend.googleapis.com' }] };
const GEMINI = { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] };
const FLAGS = ['--api-target=service=maps-backend.googleapis.com'];

function stage() {
  const issuer = memoryIssuer();
  const [good, other, blocked] = [GEMINI, MAPS, MAPS].map((restrictions) => issuer.plant({ project, restrictions }));
  const bytesOf = async (name = '') => new TextEncoder().encode(`KEY=${(await issuer.keyString(name)).reveal()}\n`);
  return { issuer, good, other, blocked, bytesOf, apisOf: apisAtIssuer(issuer) };
}

test('a blocked key is found among those that lack the Gemini API, and nobody is asked twice', async () => {
  const { good, other, blocked, bytesOf, apisOf, issuer } = stage();
  const [bytes, others] = [await bytesOf(blocked?.name), await bytesOf(other?.name)];
  const before = issuer.calls.length;
  expect(await apisOf({ bytes, project })).toEqual({
    keyName: blocked?.name,
    apis: { names: ['maps-backend.googleapis.com'], flags: FLAGS },
  });
  expect(await apisOf({ bytes: others, project })).toMatchObject({ keyName: other?.name });
  expect(await apisOf({ bytes: await bytesOf(good?.name), project })).toEqual({
    notSeen: 'of the keys in project keys-prod that lack the Gemini API, none is this one',
  });
  expect(issuer.calls.slice(before)).toEqual(['list', 'keyString', 'keyString', 'keyString']);
});

test('the key on record comes first, whatever its list, and is compared all the same', async () => {
  const { good, blocked, bytesOf, apisOf, issuer } = stage();
  const bytes = await bytesOf(good?.name);
  const before = issuer.calls.length;
  expect(await apisOf({ bytes, project, keyName: good?.name })).toMatchObject({ keyName: good?.name });
  expect(issuer.calls.slice(before)).toEqual(['list', 'keyString']);
  expect(await apisOf({ bytes, project, keyName: blocked?.name })).toHaveProperty('notSeen');
});

test.each(['list', 'keyString'] as const)('who may not %s is told what is missing', async (call) => {
  const { blocked, bytesOf, apisOf, issuer } = stage();
  const bytes = await bytesOf(blocked?.name);
  issuer.failNext(call, new Fault('denied', 'Grant apikeys.keys.x on it.'));
  expect(await apisOf({ bytes, project })).toEqual({ notSeen: 'Grant apikeys.keys.x on it.' });
});
