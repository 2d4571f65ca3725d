import { CHANNEL_URLS, type Channel } from '../../../core/alerts/channels/channel.ts';
import type { PretendCloud } from '../../../emulator/server/server.ts';

/** The same channels, what they take and what they leave out, with pretend receivers at their ends: nobody is called by a drill. */
export function pretendChannels(
  channels: readonly Channel[],
  relayUrl: string,
): (cloud: PretendCloud, project: string) => readonly Channel[] {
  return (cloud, project) =>
    channels.map((channel) => {
      const secretId = `drill-channel-${channel.name}`;
      const address = channel.kind === 'email' ? relayUrl : `${cloud.url}/_receivers/${channel.kind}`;
      const hasUrl = CHANNEL_URLS[channel.kind] !== 'secret';
      cloud.secrets.seed({
        project,
        secretId,
        payloads: [hasUrl ? (CREDENTIALS[channel.kind] ?? '') : `${address}/${channel.name}`],
      });
      const credential = `projects/${project}/secrets/${secretId}`;
      return { ...channel, credential, url: hasUrl ? address : undefined };
    });
}

/** Of the form that each kind wants, and good for nothing. */
const CREDENTIALS: Readonly<Partial<Record<Channel['kind'], string>>> = {
  pagerduty: 'R'.repeat(32),
  alertmanager: 'Bearer drill',
  'jira-service-management': 'drill'.repeat(4),
  email: 'drill:drill',
  webhook: `whsec_${'ZHJpbGw='.padStart(44, 'ZHJpbGxk')}`,
};
