import { actorJson } from '../../record/actor.ts';
import { steeredJson } from '../../record/journal-text.ts';
import { CAUSES } from '../../causes/causes.ts';
import { ON_CALL } from '../../causes/on-call.ts';
import {
  aboutKey,
  episodeDetail,
  runbookAbout,
  runbookAt,
  threadAhead,
  threadOf,
  threadOfPlan,
} from './event-about-key.ts';
import type { About, EventOrigin, EventData } from './event-shape.ts';
import { allowedLabels, type EventLabels } from './event-labels.ts';
import { said } from './event-text.ts';
import { leakThread, reportedThread } from './leak-thread.ts';
import { ACKNOWLEDGE, ACKNOWLEDGE_ALL } from '../../causes/commands.ts';
import { breadthWords } from '../../record/wide-silence.ts';
import { shellText } from '../../values/command.ts';
import { fleetValues, lineFor } from '../../causes/names.ts';
import { INCIDENT_ACTS } from '../channels/incident.ts';
import { canBeSilenced } from '../silenceable.ts';
import { linksOf } from './event-links.ts';
import { nextForFleet } from '../../causes/next-step.ts';
import { gravityOf, severityOf, type Notice } from '../notice.ts';
import type { LeakClosed, LeakOpen } from '../notices/leak-notices.ts';
import type { NewFinding } from '../notices/fleet-notices.ts';
import type { RotationNotice } from '../notices/rotation-notices.ts';
import { headlineOf } from '../headline.ts';
import { noticeText, whoOf, whyOf } from '../notice-text.ts';
import { parseKeyName } from '../../google/resource-names.ts';
import { HOUR_MS, isoOf, plusMs } from '../../values/time.ts';

/** What a notice says, as every channel shows it. */
export function eventDataOf(notice: Notice, origin: EventOrigin, labels: EventLabels): EventData {
  const allowed = allowedLabels(labels, origin.labels);
  const about = aboutOf(notice, origin);
  const quiet = quietAbout(notice, about, origin);
  const links = linksOf(about, origin);
  return {
    notice: notice.type,
    severity: severityOf(notice),
    gravity: gravityOf(notice),
    headline: said(headlineOf(notice)),
    summary: said(noticeText(notice)),
    who: said(whoOf(notice)),
    why: said(whyOf(notice)),
    ...about,
    ...(allowed === undefined ? {} : { labels: allowed }),
    ...(links.length === 0 ? {} : { links }),
    ...(quiet === undefined ? {} : { quiet }),
  };
}

/** A hold that people were told of before. */
function isRecalled({ type, recalls }: RotationNotice): boolean {
  return type === 'rotation.held' && recalls !== undefined;
}

/** Only what would be said again, or be said of a secret that somebody is at work on. */
function quietAbout(
  { type }: Notice,
  { secret, again, project }: About,
  { wideSilences }: EventOrigin,
): string | undefined {
  if (type === 'fleet.outage' && wideSilences === true)
    return shellText(ACKNOWLEDGE_ALL, { scope: breadthWords({ outages: true, project }) });
  if (secret === undefined || !canBeSilenced({ notice: type, secret, again })) return undefined;
  const acts: readonly string[] = INCIDENT_ACTS[type];
  return acts.includes('trigger') ? lineFor(ACKNOWLEDGE, secret) : undefined;
}

function aboutOf(notice: Notice, { source, runbook }: EventOrigin): About {
  switch (notice.type) {
    case 'key.unhealthy':
    case 'key.unclear':
    case 'key.reminder':
    case 'key.recovered':
      return aboutKey(notice, runbook);
    case 'key.unwatched': {
      const { secret, project, because, episode } = notice;
      const { cause } = episode;
      const detail = { because, episode: episodeDetail({ ...episode, id: threadOf(secret, episode) }) };
      const since = isoOf(episode.openedAt);
      return {
        secret,
        project,
        cause,
        since,
        runbook: runbookAbout(runbook, cause),
        thread: threadOf(secret, episode),
        detail,
      };
    }
    case 'key.unusual': {
      const { project, key, use, step, next } = notice;
      const [holder, version] =
        'secret' in notice ? [{ secret: notice.secret }, { version: notice.version }] : [{}, {}];
      const { hour, requests, usual, most } = use;
      const thread = `${holder.secret ?? source}/use/${parseKeyName(key)?.id ?? key}`;
      const detail = { ...version, key, hour: isoOf(hour), requests, usual, most };
      const section = runbookAt(runbook, 'unusual-use');
      return { ...holder, project, since: isoOf(plusMs(hour, -HOUR_MS)), step, next, runbook: section, thread, detail };
    }
    case 'key.aging': {
      const { secret, project, version, createdAt, ageDays, ageDaysMax, step, next } = notice;
      const detail = { version, ageDays, ageDaysMax };
      const since = isoOf(createdAt);
      return { secret, project, since, step, next, runbook: runbookAt(runbook), thread: threadAhead(secret), detail };
    }
    case 'rotation.planned': {
      const { secret, project, version, createdAt, startsAt, asksFrom, ageDaysMax, step, next } = notice;
      const since = isoOf(createdAt);
      const asks = asksFrom === undefined ? {} : { asksFrom: isoOf(asksFrom) };
      const detail = { version, startsAt: isoOf(startsAt), ageDaysMax, ...asks };
      return { secret, project, since, step, next, runbook: runbookAt(runbook), thread: threadAhead(secret), detail };
    }
    case 'rotation.proposed': {
      const { secret, project, version, plan, by, at, until, group, step, next } = notice;
      const asked = by === undefined ? {} : { by: actorJson(by) };
      const detail = { version, plan, until: isoOf(until), ...asked, ...(group === undefined ? {} : { group }) };
      const section = runbookAt(runbook, 'waits-for-approval');
      return {
        secret,
        project,
        since: isoOf(at),
        step,
        next,
        runbook: section,
        thread: threadOfPlan(notice),
        detail,
      };
    }
    case 'secret.warning': {
      const { secret, project, because, others, day, step, next } = notice;
      const thread = `${secret}/warnings/${because}`;
      const section = runbookAt(runbook, 'secret-needs-care');
      return { secret, project, since: isoOf(day), step, next, runbook: section, thread, detail: { because, others } };
    }
    case 'version.changed': {
      const { secret, project, version, change, isCurrent, at, step, next } = notice;
      const thread = `${secret}/versions/${version}`;
      const detail = { version, change, isCurrent };
      const about = runbookAbout(runbook, change === 'disabled' ? 'version_disabled' : 'version_destroyed');
      return { secret, project, since: isoOf(at), step, next, runbook: about, thread, detail };
    }
    case 'name.unproven': {
      const { secret, project, on, times, at, step, next } = notice;
      const thread = `${secret}/unproven/${on.replaceAll(' ', '-')}`;
      const section = runbookAt(runbook, 'name-not-proven');
      return {
        secret,
        project,
        since: isoOf(at),
        step,
        next,
        runbook: section,
        thread,
        detail: { on: said(on), times },
      };
    }
    case 'silence.set':
    case 'silence.ended':
    case 'freeze.set':
    case 'freeze.ended': {
      const { secret, project, owner, reason, until, by, at, step, next, about } = notice;
      const wide = about === undefined ? {} : { about };
      const detail = { owner: said(owner), reason: said(reason), until: isoOf(until), by: actorJson(by), ...wide };
      const section = runbookAt(runbook, 'alerts-do-not-arrive');
      return {
        secret,
        project,
        since: isoOf(at),
        step,
        next,
        runbook: section,
        thread: `${secret}/${notice.type.startsWith('freeze') ? 'freeze' : 'silence'}`,
        detail,
      };
    }
    case 'rotation.due': {
      const { secret, project, reason, since, step, next } = notice;
      const thread = `${secret}/due`;
      return {
        secret,
        project,
        since: isoOf(since),
        step,
        next,
        runbook: runbookAt(runbook),
        thread,
        detail: { reason },
      };
    }
    case 'rotation.opened':
    case 'rotation.promoted':
    case 'rotation.completed':
    case 'rotation.abandoned':
    case 'rotation.held': {
      const { secret, project, rotation, from, to, reason, by, steered, since, step, next } = notice;
      const thread = `${secret}/rotations/${rotation}`;
      const asked = by === undefined ? {} : { by: actorJson(by) };
      const turned = steered === undefined ? {} : { steered: steeredJson(steered) };
      const detail = { rotation, reason: said(reason), ...asked, ...turned, from, to };
      const section = runbookAt(runbook, notice.type === 'rotation.held' ? 'held-rotation' : undefined);
      const again = isRecalled(notice) ? { again: true } : {};
      return { secret, project, since: isoOf(since), step, next, runbook: section, thread, detail, ...again };
    }
    case 'leak.open': {
      const { by, told, step, next } = notice;
      const asked = by === undefined ? {} : { by: actorJson(by) };
      return { ...aboutLeak(notice, runbook), step, next, detail: { ...leakDetail(notice), told, ...asked } };
    }
    case 'leak.closed':
      return { ...aboutLeak(notice, runbook), detail: leakDetail(notice) };
    case 'leak.reported': {
      const { source: by, report, step, next } = notice;
      const section = runbookAbout(runbook, 'key_leaked');
      const about = { step, next, runbook: section };
      if (!('secret' in notice))
        return { ...about, thread: `${source}/leak-reports/${report}`, detail: { by, report } };
      const { secret, project, version, retired, emergency } = notice;
      const thread = version === undefined ? `${secret}/leak-reports/${report}` : reportedThread(secret, version);
      const asked = emergency === undefined ? {} : { emergency: emergency.is, rotation: emergency.rotation };
      return { secret, project, ...about, thread, detail: { by, report, version, retired, ...asked } };
    }
    case 'inventory.news': {
      const { count, step, next } = notice;
      const about = { step, next, runbook: runbookAt(runbook) };
      if ('because' in notice) {
        const detail = { because: notice.because, count, counts: notice.counts };
        return { ...about, thread: `${source}/inventory`, detail };
      }
      const { project, kind, findings } = notice;
      const detail = { kind, count, findings: findings.map(findingDetail) };
      return { ...about, project, thread: `${source}/inventory/${project}/${kind}`, detail };
    }
    case 'fleet.outage': {
      const { cause, failing, seen, episode, project, keyProject } = notice;
      const next = nextForFleet(CAUSES[cause].remedy, fleetValues(project, keyProject));
      const detail = { failing, seen, episode: episodeDetail(episode) };
      const thread = `${source}/${episode.id}`;
      const since = isoOf(episode.openedAt);
      return {
        again: episode.reminders > 0 ? true : undefined,
        project,
        meaning: CAUSES[cause].meaning,
        usersFeel: ON_CALL[cause].usersFeel,
        since,
        cause,
        ...next,
        runbook: runbookAbout(runbook, cause),
        thread,
        detail,
      };
    }
    case 'fleet.recovered': {
      const { seen, episode, project } = notice;
      const { cause } = episode;
      const detail = { seen, episode: episodeDetail(episode) };
      const thread = `${source}/${episode.id}`;
      const since = isoOf(episode.openedAt);
      return { project, since, cause, runbook: runbookAbout(runbook, cause), thread, detail };
    }
    case 'fleet.heartbeat': {
      const { expected, seen, verdicts } = notice;
      return { runbook: runbookAt(runbook), thread: `${source}/heartbeat`, detail: { expected, seen, verdicts } };
    }
    case 'alert.test': {
      const detail = { askedBy: said(notice.askedBy) };
      return { runbook: runbookAt(runbook, 'alerts-do-not-arrive'), thread: `${source}/test`, detail };
    }
  }
}

function findingDetail({ severity, key, secrets, holders, says, cure }: NewFinding) {
  const named = key === undefined ? {} : { key };
  const mending = { do: said(cure.do), ...(cure.command === undefined ? {} : { command: said(cure.command) }) };
  return { severity, ...named, secrets, holders, says: said(says), cure: mending };
}

type LeakNotice = LeakOpen | LeakClosed;

/** One leak is one incident, from when it was found to the proof. */
function aboutLeak({ secret, project, version, at }: LeakNotice, runbook: string): Omit<About, 'detail'> {
  const since = isoOf(at);
  const section = runbookAt(runbook, 'open-leak');
  return { secret, project, since, runbook: section, thread: leakThread(secret, version, since) };
}

function leakDetail({ version, key }: LeakNotice) {
  return { version, ...(key === undefined ? {} : { key }) };
}
