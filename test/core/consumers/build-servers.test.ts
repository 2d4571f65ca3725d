import { describe, expect, test } from '@jest/globals';
import { onBuildServer } from '../../../src/core/consumers/build-servers.ts';

const GITHUB = { GITHUB_ACTIONS: 'true' };
const GITLAB = { GITLAB_CI: 'true' };
const JENKINS = { JENKINS_URL: 'https://ci.example/', BUILD_NUMBER: '7' };
const said = (environment: Readonly<Record<string, string>>, trouble: Parameters<typeof onBuildServer>[2]) =>
  onBuildServer(environment, 'GEMINI_API_KEY', trouble).join('\n');

describe('of a variable that is not there, a build server says where it is set and why it may be missing', () => {
  test('GitHub Actions: the workflow hands it on, and forks and Dependabot get none', () => {
    expect(said(GITHUB, 'absent')).toContain('env: GEMINI_API_KEY: ${{ secrets.GEMINI_API_KEY }}');
    expect(said(GITHUB, 'absent')).not.toContain('fork');
    expect(said({ ...GITHUB, GITHUB_EVENT_NAME: 'pull_request' }, 'absent')).toContain('from a fork gets no secrets');
    expect(said({ ...GITHUB, GITHUB_ACTOR: 'dependabot[bot]' }, 'absent')).toContain('secrets of its own');
  });

  test('GitLab: protected variables, forks and scopes', () => {
    expect(said(GITLAB, 'absent')).toContain('the variable GEMINI_API_KEY under Settings, CI/CD, Variables');
    expect(said({ ...GITLAB, CI_COMMIT_REF_PROTECTED: 'true' }, 'absent')).not.toContain('not protected');
    expect(said({ ...GITLAB, CI_COMMIT_REF_PROTECTED: 'false' }, 'absent')).toContain('is not protected');
    const own = { CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '1', CI_MERGE_REQUEST_PROJECT_ID: '1' };
    expect(said({ ...GITLAB, ...own }, 'absent')).not.toContain('fork');
    expect(said({ ...GITLAB, ...own, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '2' }, 'absent')).toContain('from a fork');
  });

  test('Jenkins: only inside the block that binds it', () => {
    expect(said(JENKINS, 'absent')).toMatch(/withCredentials.*variable: 'GEMINI_API_KEY'[\s\S]*inside the block/);
  });
});

test.each([
  [GITHUB, 'gh secret set'],
  [GITLAB, 'cannot be masked'],
  [JENKINS, 'the log hides what is bound'],
])('of a value with something around it, %j says what is different there', (environment, says) => {
  expect(said(environment, 'unclean')).toContain(says);
});

test.each([GITHUB, GITLAB, JENKINS])(
  'of a key that was left behind, %j says that no rotation reaches it',
  (environment) => {
    expect(said(environment, 'behind')).toContain('no rotation reaches');
  },
);

test.each([{}, { CI: 'true' }, { GITHUB_ACTIONS: 'false' }, { JENKINS_URL: 'https://ci.example/' }])(
  'in %j no build server is known, and nothing is said',
  (environment) => {
    expect(onBuildServer(environment, 'GEMINI_API_KEY', 'absent')).toEqual([]);
  },
);
