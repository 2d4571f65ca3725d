import type { Channel } from '../../core/alerts/channels/channel.ts';
import type { PretendCloud } from '../../emulator/server/server.ts';

/** Two channels whose credentials are secrets themselves, as in a real deployment. */
export function demoChannels(cloud: PretendCloud, project: string): readonly Channel[] {
  const credentials = {
    'slack-webhook': `${cloud.url}/_receivers/slack/ops`,
    'pagerduty-routing-key': 'R'.repeat(32),
  };
  for (const [secretId, payload] of Object.entries(credentials))
    cloud.secrets.seed({ project, secretId, payloads: [payload] });
  return [
    {
      name: 'slack',
      kind: 'slack',
      credential: `projects/${project}/secrets/slack-webhook`,
      severityMin: 'info',
    },
    {
      name: 'pagerduty',
      kind: 'pagerduty',
      credential: `projects/${project}/secrets/pagerduty-routing-key`,
      url: `${cloud.url}/_receivers/pagerduty`,
      severityMin: 'error',
    },
  ];
}
