import { describe, expect, test } from '@jest/globals';
import type { Channel } from '../../../src/core/alerts/channels/channel.ts';
import { NOTICE_TYPES, type NoticeType } from '../../../src/core/alerts/notice.ts';
import { routesOf } from '../../../src/core/alerts/routes.ts';
import { eventFor, SECRET } from '../../support/notices.ts';

const ALL: Channel = { name: 'all', kind: 'slack', credential: 'projects/p/secrets/slack', severityMin: 'info' };

const goes = (fields: Partial<Channel>, type: NoticeType) =>
  routesOf([{ ...ALL, ...fields }], eventFor(type)).length === 1;

describe('an event goes', () => {
  test('to every channel that asks for nothing in particular, but for the heartbeat', () => {
    expect(NOTICE_TYPES.filter((type) => !goes({ rotations: 'all' }, type))).toEqual(['fleet.heartbeat']);
  });

  test('only where it is grave enough, and its end goes where it went', () => {
    const grave = NOTICE_TYPES.filter((type) => goes({ severityMin: 'critical' }, type));
    expect(grave).toEqual([
      'key.unhealthy',
      'key.reminder',
      'key.recovered',
      'key.unwatched',
      'version.changed',
      'leak.open',
      'leak.closed',
      'leak.reported',
      'alert.test',
    ]);
    expect(goes({ severityMin: 'error' }, 'rotation.held')).toBe(true);
    expect(goes({ severityMin: 'error' }, 'rotation.completed')).toBe(true);
    expect(goes({ severityMin: 'error' }, 'rotation.opened')).toBe(false);
    expect(goes({ severityMin: 'warning' }, 'key.unclear')).toBe(true);
  });

  test('of a rotation that goes well at its end only, unless every step is asked for or a machine receives', () => {
    const steps: readonly NoticeType[] = ['rotation.opened', 'rotation.promoted', 'rotation.completed'];
    const told = (fields: Partial<Channel>) => steps.filter((type) => goes(fields, type));
    expect(told({})).toEqual(['rotation.completed']);
    expect(told({ rotations: 'end' })).toEqual(['rotation.completed']);
    expect(told({ rotations: 'all' })).toEqual(steps);
    expect(told({ kind: 'webhook' })).toEqual(steps);
    expect(told({ types: ['rotation.opened'] })).toEqual(['rotation.opened']);
  });

  test('to whoever is told after some hours once it is open for so long, and its end too', () => {
    expect(NOTICE_TYPES.filter((type) => goes({ afterHours: 6 }, type))).toEqual([
      'key.unhealthy',
      'key.unclear',
      'key.reminder',
      'key.recovered',
      'key.unwatched',
      'name.unproven',
      'rotation.completed',
      'rotation.abandoned',
      'rotation.held',
      'leak.open',
      'leak.closed',
      'fleet.outage',
      'fleet.recovered',
      'alert.test',
    ]);
    expect(NOTICE_TYPES.filter((type) => goes({ afterHours: 7 }, type))).toEqual(['alert.test']);
    expect(goes({ kind: 'pagerduty', afterHours: 7 }, 'key.recovered')).toBe(true);
    const { since: _, ...data } = eventFor('key.unhealthy').data;
    const event = { ...eventFor('key.unhealthy'), data };
    expect(routesOf([{ ...ALL, afterHours: 1 }], event)).toEqual([]);
    expect(routesOf([{ ...ALL, afterHours: 1 }], { ...eventFor('key.unhealthy'), time: 'soon' })).toEqual([]);
  });

  test('only where its type is asked for, where types are named', () => {
    const asked = NOTICE_TYPES.filter((type) => goes({ types: ['key.unhealthy', 'fleet.heartbeat'] }, type));
    expect(asked).toEqual(['key.unhealthy', 'fleet.heartbeat', 'alert.test']);
  });

  test('to a channel that asked for the heartbeat, whatever severity it wants', () => {
    expect(goes({ types: ['fleet.heartbeat'], severityMin: 'critical' }, 'fleet.heartbeat')).toBe(true);
  });

  test('to all channels when it is a test', () => {
    expect(goes({ types: [], severityMin: 'critical', secrets: [] }, 'alert.test')).toBe(true);
  });

  test.each([
    [['app-key'], true],
    [['app-*'], true],
    [['*'], true],
    [['other', 'app-key'], true],
    [[SECRET], true],
    [['projects/123456789012/*'], true],
    [['app'], false],
    [['app.key'], false],
    [['projects/123456789012/secrets/app.key'], false],
    [['*-kez'], false],
    [['projects/1/secrets/app-key'], false],
    [[], false],
  ])('to a channel for the secrets %j: %s', (secrets, expected) => {
    expect(goes({ secrets }, 'key.unhealthy')).toBe(expected);
    expect(goes({ secrets }, 'fleet.outage')).toBe(true);
  });

  test.each([
    [['demo-project'], true],
    [['demo-*'], true],
    [['other'], false],
    [[], false],
    [['4711'], false],
  ])('to a channel for the projects %j: %s', (projects, expected) => {
    expect(goes({ projects }, 'key.unhealthy')).toBe(expected);
    expect(goes({ projects }, 'fleet.heartbeat')).toBe(false);
    expect(goes({ projects }, 'fleet.outage')).toBe(true);
  });

  test('to a channel for projects by their ids, where only the number of a project is known', () => {
    const event = eventFor('version.changed');
    const told = { ...event, data: { ...event.data, project: '4711' } };
    const goesFor = (projects: readonly string[]) => routesOf([{ ...ALL, projects }], told).length === 1;
    expect([['search-prod'], ['4711'], ['4712'], ['search-prod', '4712']].map(goesFor)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('to a channel for causes with one of them only, and what has none is none of its business', () => {
    expect(goes({ causes: ['key_leaked'] }, 'key.unhealthy')).toBe(true);
    expect(goes({ causes: ['timeout'] }, 'key.unhealthy')).toBe(false);
    expect(goes({ causes: ['key_leaked'] }, 'rotation.held')).toBe(false);
  });

  test('to the channel whose labels its secret has, and to no other', () => {
    const labelled = (labels: Channel['labels'], name: string): Channel => ({ ...ALL, name, labels });
    const channels = [
      labelled({ team: ['search'] }, 'theirs'),
      labelled({ team: ['sea*', 'x'], service: ['api'] }, 'both'),
      labelled({ team: ['ads'] }, 'others'),
      labelled({ team: ['search'], owner: ['ada'] }, 'not labelled so'),
      ALL,
    ];
    const names = routesOf(channels, eventFor('key.unhealthy')).map(({ name }) => name);
    expect(names).toEqual(['theirs', 'both', 'all']);
    expect(routesOf(channels, eventFor('fleet.outage'))).toHaveLength(5);
    expect(routesOf(channels, eventFor('alert.test'))).toHaveLength(5);
  });

  test('wherever labels alone stand in the way, when nobody would be told otherwise', () => {
    const { labels: _, ...data } = eventFor('key.unhealthy').data;
    const channels: readonly Channel[] = [
      { ...ALL, labels: { team: ['search'] } },
      { ...ALL, name: 'narrow', labels: { team: ['ads'] }, causes: ['timeout'] },
    ];
    expect(routesOf(channels, { ...eventFor('key.unhealthy'), data }).map(({ name }) => name)).toEqual(['all']);
  });

  test('to a keeper of incidents with every end, whatever the labels and the cause are by then', () => {
    const chosen = { labels: { team: ['ads'] }, causes: ['timeout'] } as const;
    const other: Channel = { ...ALL, name: 'other' };
    const told = (kind: Channel['kind'], type: NoticeType) =>
      routesOf([{ ...ALL, kind, ...chosen }, other], eventFor(type)).length === 2;
    expect((['pagerduty', 'alertmanager', 'webhook'] as const).map((kind) => told(kind, 'key.recovered'))).toEqual([
      true,
      true,
      true,
    ]);
    expect(told('slack', 'key.recovered')).toBe(false);
    expect(told('pagerduty', 'key.unhealthy')).toBe(false);
  });

  test('by what is left of a name that is no secret’s', () => {
    const { data } = eventFor('key.unhealthy');
    expect(
      routesOf([{ ...ALL, secrets: ['strange'] }], {
        ...eventFor('key.unhealthy'),
        data: { ...data, secret: 'strange' },
      }),
    ).toHaveLength(1);
  });

  test('to the channels in the order of the settings', () => {
    const channels = ['b', 'a', 'c'].map((name) => ({ ...ALL, name }));
    expect(routesOf(channels, eventFor('key.unhealthy')).map(({ name }) => name)).toEqual(['b', 'a', 'c']);
  });
});
