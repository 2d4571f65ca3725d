import { EVENT_DETAIL_SCHEMAS } from './event-schema-detail.ts';
import { isRecord } from '../../src/core/values/json.ts';
import { NOTICE_TYPES, type NoticeType } from '../../src/core/alerts/notice.ts';
import { headlineOf } from '../../src/core/alerts/headline.ts';
import { NOTICES } from '../support/notices.ts';
import { table } from './generated.ts';

/** When each event is sent, and what whoever gets it should do. A type without a row does not compile. */
const MEANING: Readonly<Record<NoticeType, { readonly when: string; readonly act: string }>> = {
  'key.unhealthy': {
    when: 'an episode opens, or gets worse, and the cause is known',
    act: 'follow `data.next` and the runbook’s section about the cause',
  },
  'key.unclear': {
    when: 'nothing could be learned about a key for several runs',
    act: 'look for what is in the way; do not rotate',
  },
  'key.reminder': { when: 'an episode is still open; gaps double, up to a week', act: 'as for the opening' },
  'key.recovered': { when: 'enough good runs in a row closed the episode', act: 'nothing; close the incident' },
  'key.unwatched': {
    when: 'the secret was deleted or lost its label while an episode was open (needs the secret’s own events)',
    act: 'close the incident, unless somebody still uses the key',
  },
  'key.unusual': {
    when: 'a key is used as it was not before, measured against its own past, half an hour after an hour ended at the soonest; once, and again only after a day without; of each secret under care that serves it, or once of nobody',
    act: 'ask whether something was launched; if nobody did, rotate: [unusual use](runbook.md#unusual-use)',
  },
  'key.aging': {
    when: '`KEY_WARDEN_NOTICE_DAYS` before a key reaches its greatest age, once, where no rotation begins by itself',
    act: 'rotate on a day that suits you, by `data.next`',
  },
  'rotation.planned': {
    when: '`KEY_WARDEN_NOTICE_DAYS` before a key reaches its greatest age, once, where its rotation begins by itself at `detail.startsAt`',
    act: 'nothing, if the day suits you',
  },
  'rotation.proposed': {
    when: 'a planned rotation is to begin, and the settings ask for a second person (`KEY_WARDEN_APPROVAL`); anew when the plan changed or lapsed; never held back by a silence',
    act: 'read what it does to whom; if you agree and did not ask for it, `approve` by `data.next`',
  },
  'secret.warning': {
    when: 'once a day while secrets have lost their label, are about to expire, or have little room for annotations or aliases; at once and then daily where others take the alias `current` away or keep moving it, or a cause that two rotations share stops those of a project',
    act: 'follow `data.next`; what fits several secrets is told once, with their number in `detail.others`',
  },
  'version.changed': {
    when: 'somebody else disabled or destroyed a version, or set its destruction',
    act: 'where `detail.isCurrent` is true, consumers are without a key: enable it or move the alias',
  },
  'name.unproven': {
    when: 'a name in the secret’s annotations is not proven to be its own: a rotation is held for it, or an old key is not purged; of a purge once a day',
    act: '[name not proven](runbook.md#name-not-proven): see who wrote it before you mend it; the incident is closed by hand',
  },
  'silence.set': {
    when: 'a silence was set with `key-warden silence`; never held back by a silence itself',
    act: 'nothing, if you know of it; otherwise end it by `data.next`',
  },
  'silence.ended': { when: 'somebody ended a silence before its time', act: 'nothing' },
  'freeze.set': {
    when: 'planned rotations were frozen with `key-warden freeze`',
    act: 'nothing, if you know of it; otherwise lift it by `data.next`',
  },
  'freeze.ended': { when: 'somebody lifted a freeze before its time', act: 'nothing' },
  'rotation.due': {
    when: 'a rotation is due, and windows or freezes let none begin for three days or more; told once',
    act: 'nothing: it begins by itself then',
  },
  'rotation.opened': { when: 'a rotation begins', act: 'nothing' },
  'rotation.promoted': {
    when: '`current` points at the new key',
    act: 'see that consumers are well; `rollback` is open',
  },
  'rotation.completed': {
    when: 'the old key is disabled',
    act: 'nothing, unless `data.why` says that the old key is to be deleted by hand',
  },
  'rotation.abandoned': {
    when: 'a rotation gave up; the old key serves on',
    act: 'read `data.why`; mend it, then rotate again',
  },
  'rotation.held': {
    when: 'a rotation cannot go on by itself; again, as critical, once it has waited for `escalateAfterHours`, and then every week',
    act: '[held rotation](runbook.md#held-rotation): then `resume`, `rollback` or `abort`',
  },
  'leak.open': {
    when: 'a leaked key is not proven dead, and nothing is under way that ends it; again at growing gaps, up to a week',
    act: '[open leak](runbook.md#open-leak), by `data.next`; a key of another project only its owner can delete',
  },
  'leak.closed': {
    when: 'every look of half an hour found the leaked key deleted and refused',
    act: 'nothing; close the incident',
  },
  'leak.reported': {
    when: 'GitHub, GitGuardian or somebody else whose signature is right reports a leaked key; of each secret under care that holds it, with what became of the emergency where reports begin one, of each that has retired it (`retired`), or once of nobody',
    act: 'by `data.next`, or `data.step`, which says how to find out whose it is; `leak.closed` of the same secret and version ends it, else it is closed by hand; nothing where `retired` is `deleted`',
  },
  'inventory.news': {
    when: 'a scheduled inventory found what people were not told of yet: once for each kind of finding in a project, with its number; on the first run once for all, as numbers',
    act: 'mend each by its `cure` in `detail.findings`, or see all with `data.next`; nobody is told when it is over',
  },
  'fleet.outage': {
    when: 'many keys fail alike in one run; no key is blamed',
    act: 'the trouble is ours, the network’s or Google’s, or that of the project in `data.project`; rotate nothing',
  },
  'fleet.recovered': { when: 'the keys can be judged one by one again', act: 'nothing; close the incident' },
  'fleet.heartbeat': {
    when: 'after every run',
    act: 'alert on its absence, and where `detail.seen` is below `detail.expected`',
  },
  'alert.test': { when: 'somebody asked whether alerts arrive', act: 'nothing' },
};

/** The block of docs/events.md: one row per type. */
export function eventsTable(): string {
  return table(
    ['type', 'first line, for instance', 'when', 'what to do', 'always in `detail`'],
    NOTICE_TYPES.map((type) => [
      `[\`${type}\`](../schemas/v1/${type}.json)`,
      headlineOf(NOTICES[type]),
      MEANING[type].when,
      MEANING[type].act,
      requiredIn(type)
        .map((field) => `\`${field}\``)
        .join(' '),
    ]),
  );
}

function requiredIn(type: string): readonly string[] {
  const schemas: Readonly<Record<string, unknown>> = EVENT_DETAIL_SCHEMAS;
  const schema = schemas[type];
  return isRecord(schema) && Array.isArray(schema['required']) ? schema['required'].map(String) : [];
}
