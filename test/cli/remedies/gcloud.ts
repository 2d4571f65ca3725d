import { gcloudComplaint } from '../../support/gcloud-forms.ts';
import type { Stand } from './stand.ts';

/**
 * The changes that remedies make with gcloud, done to a pretend cloud by the REST calls that gcloud makes; what the pretend cloud
 * has as the state of a key is mended there, and only in the project that owns it.
 */
export async function gcloud(
  { cloud, mend }: Pick<Stand, 'cloud' | 'mend'>,
  words: readonly string[],
  piped?: string,
): Promise<void> {
  const complaint = gcloudComplaint(words);
  if (complaint !== undefined) throw new Error(complaint);
  const flag = (name: string) => words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
  const names = words.filter((word) => !word.startsWith('--'));
  const line = names.join(' ');
  const project = flag('project') ?? '';
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const reply = await fetch(`${cloud.url}${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!reply.ok) throw new Error(`gcloud ${line}: ${reply.status} ${await reply.text()}`);
    return reply.json();
  };
  const secretAt = (id: string) => `/v1/projects/${project}/secrets/${id}`;
  const last = names.at(-1) ?? '';
  if (words.includes('--remove-expiration')) await call('PATCH', `${secretAt(last)}?updateMask=expireTime`, {});
  else if (flag('remove-annotations') !== undefined) {
    const { annotations = {} } = (await call('GET', secretAt(last))) as { annotations?: Record<string, string> };
    const { [flag('remove-annotations') ?? '']: _gone, ...others } = annotations;
    await call('PATCH', `${secretAt(last)}?updateMask=annotations`, { annotations: others });
  } else if (line.startsWith('secrets update ')) {
    const [, alias = '', number = ''] = /^(\w+)=(\d+)$/.exec(flag('update-version-aliases') ?? '') ?? [];
    const { versionAliases = {} } = (await call('GET', secretAt(last))) as { versionAliases?: object };
    const aliases = { ...versionAliases, [alias]: number };
    await call('PATCH', `${secretAt(last)}?updateMask=versionAliases`, { versionAliases: aliases });
  } else if (line.startsWith('secrets versions enable ')) {
    await call('POST', `${secretAt(flag('secret') ?? '')}/versions/${last}:enable`, {});
  } else if (line.startsWith('secrets versions add ')) {
    await call('POST', `${secretAt(last)}:addVersion`, {
      payload: { data: Buffer.from(piped ?? '').toString('base64') },
    });
  } else if (line.startsWith('services api-keys undelete ')) {
    await call('POST', `/v2/projects/${project}/locations/global/keys/${last}:undelete`, {});
  } else if (/^services api-keys (?:delete|describe) /.test(line)) {
    await call(names[2] === 'delete' ? 'DELETE' : 'GET', `/v2/projects/${project}/locations/global/keys/${last}`);
  } else if (line.startsWith('iam service-accounts enable ')) cloud.accounts.setState(last, 'active');
  else if (/^services enable |^services api-keys update /.test(line)) mend(project);
  else if (line.startsWith('billing projects link ')) mend(last);
}
