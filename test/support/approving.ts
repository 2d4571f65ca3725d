import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { run, type Captured } from './captured.ts';
import { pretendCloud } from './cloud.ts';
import { functionProcess } from './function-process.ts';

const account = (id: string) => `${id}@${SHOWCASE_PROJECT}.iam.gserviceaccount.com`;
const [ASKER, APPROVER] = [account('release'), account('approver')];
const PROPOSED = `projects/${SHOWCASE_PROJECT}/secrets/search-app`;

/** A deployed worker that asks for approval, what somebody proposed to it, and a person who may approve and has a command line. */
export interface Approving extends AsyncDisposable {
  readonly plan: string;
  /** Puts what waits into the group of one message, whose word it answers. */
  group(): Promise<string>;
  type(...words: readonly string[]): Promise<Captured>;
}

export async function approving(): Promise<Approving> {
  const cloud = await pretendCloud({
    propagation: { newKeyMs: 0 },
    metadata: { email: APPROVER, project: SHOWCASE_PROJECT },
  });
  setUpShowcase(cloud);
  cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId: 'approvals', labels: {}, payloads: [] });
  const rotate = await functionProcess('rotate', {
    KEY_WARDEN_EMULATOR: cloud.url,
    KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
    KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
    KEY_WARDEN_KEY_SERVICE_ACCOUNT: account('search-app'),
    KEY_WARDEN_CALLERS: ASKER,
    KEY_WARDEN_APPROVERS: APPROVER,
    KEY_WARDEN_APPROVAL: '1',
    KEY_WARDEN_APPROVALS: `projects/${SHOWCASE_PROJECT}/secrets/approvals`,
  });
  const headers = {
    authorization: `Bearer ${cloud.oidc.idToken(ASKER, rotate.url)}`,
    'content-type': 'application/json',
  };
  const asked = await fetch(rotate.url, { method: 'POST', headers, body: JSON.stringify({ secret: PROPOSED }) });
  const plan = /--plan ([0-9a-f]{32})/.exec(await asked.text())?.[1] ?? '';
  const environment = {
    KEY_WARDEN_EMULATOR: cloud.url,
    KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
    KEY_WARDEN_FUNCTIONS: JSON.stringify({ rotate: rotate.url }),
  };
  return {
    plan,
    async group() {
      const group = 'ab'.repeat(16);
      const book = `${cloud.url}/v1/projects/${SHOWCASE_PROJECT}/secrets/approvals`;
      const { annotations } = (await (await fetch(book)).json()) as {
        readonly annotations: Readonly<Record<string, string>>;
      };
      const text = annotations['key-warden.approvals']?.replace('"parts":', `"group":"${group}","parts":`);
      const body = JSON.stringify({ annotations: { 'key-warden.approvals': text } });
      await fetch(`${book}?updateMask=annotations`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body,
      });
      return group;
    },
    type: (...words) => run(words, { environment }),
    async [Symbol.asyncDispose]() {
      await rotate.end();
      await cloud.close();
    },
  };
}
