import { expect, test } from '@jest/globals';
import { rotateRequest } from '../../src/functions/rotate-request.ts';
import { STANDARD_KEY } from '../support/fixtures/gemini-answer-parts.ts';

const SEARCH = 'projects/demo-project/secrets/search-app';

test.each([
  ['[]', 'the body must be a JSON object'],
  [
    `{"secret":"${SEARCH}","mode":"fast"}`,
    'mode must be one of planned, emergency, leaked, revoke, approve, abort, rollback, resume, cut-off-users, silence, end-silence, freeze, unfreeze, init, forget, alert-test',
  ],
  [`{"secret":"${SEARCH}","mode":"abort","dryRun":true}`, 'dryRun does not go with the mode abort'],
  [`{"secret":"${SEARCH}","mode":"resume","reason":"mended"}`, 'reason does not go with the mode resume'],
  [`{"secret":"${SEARCH}","confirm":"x"}`, 'confirm does not go with the mode planned'],
  [`{"secret":"${SEARCH}","mode":"revoke","confirm":7}`, 'confirm must be up to 100 letters'],
  [`{"secret":"${SEARCH}","dryRun":"yes"}`, 'dryRun must be true or false'],
  [`{"secret":"${SEARCH}","dropTargets":1}`, 'dropTargets must be true or false'],
  [`{"secret":"${SEARCH}","reason":"a\\nb"}`, 'reason must be one line of up to 400 characters'],
  [`{"secret":"${SEARCH}","requestId":7}`, 'requestId must be up to 100 letters'],
  [`{"secret":"${SEARCH}","x":1}`, 'unknown field "x"'],
  [`{"secret":"${SEARCH}","requestId":"r ${STANDARD_KEY}"}`, 'requestId must not hold a key'],
  [`{"secret":"${SEARCH}","form":"json"}`, 'form must be bare'],
  [`{"secret":"${SEARCH}","form":"bare","clean":true}`, 'clean or form'],
  [`{"secret":"${SEARCH}","form":"bare","allHolders":true}`, 'allHolders or form'],
  [`{"secret":"${SEARCH}","replace":3}`, 'replace goes with form'],
  [`{"secret":"${SEARCH}","form":"bare","replace":"3"}`, 'replace must be the number of a version'],
  [`{"secret":"${SEARCH}","mode":"leaked"}`, 'version is missing'],
  [`{"secret":"${SEARCH}","mode":"leaked","version":0}`, 'version must be the number of a version'],
  [`{"secret":"${SEARCH}","mode":"leaked","version":1,"dryRun":true}`, 'dryRun does not go with the mode leaked'],
  [`{"secret":"${SEARCH}","mode":"emergency","version":1}`, 'version does not go with the mode emergency'],
  [`{"secret":"${SEARCH}","keyField":"a b"}`, 'keyField must be a JSON pointer'],
  [`{"secret":"${SEARCH}","serviceAccount":"me"}`, 'keyServiceAccount must be the email address'],
  [`{"secret":"${SEARCH}","mode":"silence","reason":"r","owner":"o"}`, 'until is missing'],
  [`{"secret":"${SEARCH}","mode":"silence","reason":"r","owner":"o","until":"4h"}`, 'until must be a moment'],
  [`{"secret":"${SEARCH}","mode":"alert-test","dryRun":true}`, 'dryRun does not go with the mode alert-test'],
  [
    '{"mode":"freeze","everything":true,"reason":"r","owner":"o"}',
    'a freeze has an end, a reason and an owner: until is missing',
  ],
  [`{"secret":"${SEARCH}","mode":"unfreeze","everything":true}`, 'a freeze is about one of them'],
  ['{"mode":"unfreeze","project":"p","id":"x"}', 'a freeze is about one of them'],
  ['{"mode":"unfreeze"}', 'secret must be a full name'],
  ['{"mode":"silence"}', 'secret must be a full name'],
  [`{"secret":"${SEARCH}","mode":"end-silence","outages":true}`, 'a silence is about one secret or about more'],
  ['{"mode":"end-silence","cause":"tired"}', 'cause must be one of docs/causes.md'],
  ['{"mode":"end-silence","outages":false}', 'secret must be a full name'],
  ['{"outages":true}', 'outages does not go with the mode planned'],
  ['{"mode":"alert-test","secret":"x"}', 'secret must be a full name'],
])('does not understand %s and says why', (body, problem) => {
  const read = rotateRequest(body);
  expect('problems' in read ? read.problems.join() : '').toContain(problem);
});

test('a silence of more than one secret names none', () => {
  expect(rotateRequest('{"mode":"end-silence","cause":"timeout","project":"p"}')).toMatchObject({
    secret: '',
    about: { cause: 'timeout', project: 'p' },
  });
  expect(rotateRequest('{"mode":"end-silence","outages":true}')).toMatchObject({ about: { outages: true } });
  expect(rotateRequest(`{"secret":"${SEARCH}","mode":"end-silence"}`)).toMatchObject({ about: undefined });
});

test('a freeze is about a secret, a project, or all, and is lifted by its id as well', () => {
  const words = '"reason":"r","owner":"o","until":"2027-01-06T08:00:00Z"';
  expect(rotateRequest(`{"mode":"freeze","everything":true,${words}}`)).toMatchObject({ secret: '', everything: true });
  expect(rotateRequest(`{"mode":"freeze","project":"p",${words}}`)).toMatchObject({ about: { project: 'p' } });
  expect(rotateRequest(`{"mode":"freeze","secret":"${SEARCH}",${words}}`)).toMatchObject({ secret: SEARCH });
  expect(rotateRequest('{"mode":"unfreeze","id":"mij3k7ab"}')).toMatchObject({ secret: '', id: 'mij3k7ab' });
});

test('a switch that is off goes with every mode, for whoever writes all of them out', () => {
  expect(rotateRequest(`{"secret":"${SEARCH}","mode":"abort","dryRun":false}`)).toMatchObject({ mode: 'abort' });
});
