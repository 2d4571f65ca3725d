import type { Channel } from '../../src/core/alerts/channels/channel.ts';
import { saidOn } from '../../src/core/alerts/digest.ts';
import { eventOf, type WardenEvent } from '../../src/core/alerts/event/event.ts';
import type { EventLabels } from '../../src/core/alerts/event/event-labels.ts';
import { inGroup } from '../../src/core/alerts/event/together.ts';
import type { GroupedNotice } from '../../src/core/alerts/notice.ts';
import { LABELS, ORIGIN } from './notices.ts';

/** Labels of secrets by their id; all others have those of `LABELS`. */
type Labels = Readonly<Record<string, EventLabels>>;

/** The events of notices that one run tells together. */
export function groupOf(notices: readonly GroupedNotice[], labels: Labels = {}): readonly WardenEvent[] {
  const labelsOf = (secret: string) => labels[secret.split('/').at(-1) ?? ''] ?? LABELS;
  const told = { now: ORIGIN.now, names: ORIGIN.labels, labelsOf };
  return notices.map((notice) =>
    eventOf(
      notice,
      ORIGIN,
      labelsOf('finding' in notice ? notice.finding.secret : notice.secret),
      inGroup(notice, notices, told),
    ),
  );
}

/** The one message of them on a channel. */
export function digestOn(channel: Channel, notices: readonly GroupedNotice[], labels: Labels = {}): WardenEvent {
  const said = groupOf(notices, labels).flatMap((event) => saidOn([channel], channel, event) ?? []);
  const [digest, ...others] = said;
  if (digest === undefined || others.length > 0) throw new Error(`${said.length} messages, and not one`);
  return digest;
}
