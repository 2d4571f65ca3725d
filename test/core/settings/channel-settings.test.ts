import { describe, expect, test } from '@jest/globals';
import { CHANNEL_KINDS } from '../../../src/core/alerts/channels/channel.ts';
import { readChannels } from '../../../src/core/settings/channel-settings.ts';

const slack = { name: 'ops', kind: 'slack', credential: 'projects/ops/secrets/slack-url' };
const webhook = {
  name: 'hook',
  kind: 'webhook',
  credential: 'projects/ops/secrets/hook',
  url: 'https://hooks.example/x',
};

const problemsOf = (...channels: unknown[]) => {
  const reading = readChannels(JSON.stringify(channels));
  return 'problems' in reading ? reading.problems : [];
};

describe('the setting of channels', () => {
  test('absent means that there are none', () => {
    expect(readChannels(undefined)).toEqual({ channels: [] });
  });

  test('is read with its defaults', () => {
    const full = {
      name: 'pd',
      kind: 'pagerduty',
      credential: 'projects/ops/secrets/pd',
      url: 'https://events.eu.pagerduty.com',
      severityMin: 'critical',
      secrets: ['app-*'],
      projects: ['search-*'],
      causes: ['key_leaked'],
      labels: { team: ['search', 'ads-*'] },
      afterHours: 8,
      rotations: 'all',
      types: ['key.unhealthy', 'fleet.heartbeat'],
    };
    expect(readChannels(JSON.stringify([slack, full, webhook]))).toEqual({
      channels: [{ ...slack, severityMin: 'info' }, full, { ...webhook, severityMin: 'info' }],
    });
  });

  test.each(['{}', 'x', '3', ''])('that is no list (%j) is refused', (setting) => {
    expect(readChannels(setting)).toEqual({ problems: ['it must be a JSON list of channels'] });
  });

  test('takes 50 channels and not one more', () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => ({ ...slack, name: `ops-${at}` }));
    expect(problemsOf(...many(50))).toEqual([]);
    expect(problemsOf(...many(51))).toEqual(['it lists 51 channels; at most 50']);
  });

  test('names every problem at once', () => {
    expect(problemsOf('slack', { ...slack, color: 'red', name: 'Ops!' })).toEqual([
      'channel 1 is not a JSON object',
      'channel 2 has an unknown field "color"; known: name, kind, credential, url, from, to, severityMin, secrets, projects, causes, labels, mentions, afterHours, rotations, types',
      'channel 2: name must be a name of lower-case letters, digits and dashes',
    ]);
  });

  test.each([
    [{ kind: 'pigeon' }, `kind must be one of ${CHANNEL_KINDS.join(', ')}`],
    [{ credential: 'slack-url' }, 'credential must be the full name of a secret, projects/PROJECT/secrets/ID'],
    [{ credential: 3 }, 'credential must be the full name of a secret, projects/PROJECT/secrets/ID'],
    [{ severityMin: 'loud' }, 'severityMin must be one of info, warning, error, critical'],
    [{ secrets: ['a b'] }, 'secrets must be a list of secret ids or full names, in which * stands for any characters'],
    [{ secrets: 'a' }, 'secrets must be a list of secret ids or full names, in which * stands for any characters'],
    [{ projects: ['Search'] }, 'projects must be a list of project ids, in which * stands for any characters'],
    [{ causes: ['bad_luck'] }, 'causes must be a list of causes such as key_leaked'],
    [{ causes: [1] }, 'causes must be a list of causes such as key_leaked'],
    [
      { labels: { team: 'search' } },
      'labels must be lists of texts by the name of a label, such as {"team":["search"]}, in which * stands for any characters',
    ],
    [
      { labels: ['search'] },
      'labels must be lists of texts by the name of a label, such as {"team":["search"]}, in which * stands for any characters',
    ],
    [
      { mentions: [{ severityMin: 'error' }] },
      'mentions must be a list such as [{"who":"U0123","severityMin":"critical","labels":{"team":["search"]}}]',
    ],
    [{ afterHours: 0 }, 'afterHours must be a whole number from 1 to 720'],
    [{ afterHours: 721 }, 'afterHours must be a whole number from 1 to 720'],
    [{ afterHours: '8' }, 'afterHours must be a whole number from 1 to 720'],
    [{ rotations: 'some' }, 'rotations must be one of end, all'],
    [{ types: ['key.lost'] }, 'types must be a list of kinds of events such as key.unhealthy'],
    [{ types: [1] }, 'types must be a list of kinds of events such as key.unhealthy'],
  ])('refuses %j and says what it must be', (change, problem) => {
    expect(problemsOf({ ...slack, ...change })).toEqual([`channel 1: ${problem}`]);
  });

  test.each([
    ['slack', 'U0123'],
    ['slack', 'S0123'],
    ['slack', 'here'],
    ['google-chat', '123456789'],
    ['google-chat', 'all'],
    ['teams', 'ada@example.com'],
  ])('lets %s call %s, about what is critical unless it says otherwise', (kind, who) => {
    const channel = { ...slack, kind, mentions: [{ who }, { who, severityMin: 'error', labels: { team: ['x'] } }] };
    expect(readChannels(JSON.stringify([channel]))).toMatchObject({
      channels: [
        {
          mentions: [
            { who, severityMin: 'critical' },
            { who, severityMin: 'error', labels: { team: ['x'] } },
          ],
        },
      ],
    });
  });

  test('refuses to call whom the channel has no sign for', () => {
    expect(problemsOf({ ...slack, mentions: [{ who: '<!everyone>' }] })).toEqual([
      'channel ops mentions "<!everyone>", which is not the id of a user (U…) or a user group (S…), here or channel',
    ]);
    expect(problemsOf({ ...slack, kind: 'pagerduty', mentions: [{ who: 'U0123' }] })).toEqual([
      'channel ops: a pagerduty calls nobody by name',
    ]);
    expect(problemsOf({ ...slack, kind: 'pagerduty', mentions: [] })).toEqual([]);
  });

  test.each([
    'http://hooks.example',
    'https://hooks.example/?token=x',
    'https://me@hooks.example',
    'https://hooks.example/#x',
    'ftp://x',
    'http://127.0.0.1',
    'https://',
  ])('refuses the url %s', (url) => {
    expect(problemsOf({ ...webhook, url })).toEqual([
      'channel 1: url must be an https address without user, query or fragment; of an email, its relay: smtps://HOST:PORT or smtp://HOST:PORT',
    ]);
  });

  test.each(['https://hooks.example', 'https://hooks.example:8443/a/b', 'http://127.0.0.1:8085/_receivers/webhook/x'])(
    'takes the url %s',
    (url) => {
      expect(problemsOf({ ...webhook, url })).toEqual([]);
    },
  );

  test('wants a url for a webhook, and none where it is a secret', () => {
    expect(problemsOf({ ...webhook, url: undefined })).toEqual(['channel 1: a webhook needs a url']);
    for (const kind of ['slack', 'google-chat'])
      expect(problemsOf({ ...webhook, kind })).toEqual([
        `channel 1: the address of ${kind} is a secret; put it into the credential and leave url out`,
      ]);
  });

  test('refuses a name twice', () => {
    expect(problemsOf(slack, webhook, slack)).toEqual(['two channels have the name ops']);
  });

  describe('for mail', () => {
    const mail = {
      name: 'mail',
      kind: 'email',
      credential: 'projects/ops/secrets/relay',
      url: 'smtps://smtp.example:465',
      from: 'key-warden@corp.example',
      to: ['oncall@corp.example', 'a.b+c@corp.example'],
    };
    const without = (field: keyof typeof mail) => ({ ...mail, [field]: undefined });

    test('has a relay and two ends', () => {
      expect(readChannels(JSON.stringify([mail]))).toEqual({ channels: [{ ...mail, severityMin: 'info' }] });
      expect(problemsOf({ ...mail, url: 'smtp://127.0.0.1:2525' })).toEqual([]);
      expect(problemsOf(without('url'))).toEqual(['channel 1: an email needs a url']);
      expect(problemsOf(without('from'))).toEqual(['channel 1: an email needs from and to']);
      expect(problemsOf(without('to'))).toEqual(['channel 1: an email needs from and to']);
    });

    test.each([
      'oncall',
      'a b@corp.example',
      'a@corp.example\r\nRCPT TO:<x@y>',
      'A <a@corp.example>',
      'a@b,c@d',
      '<a@b>',
    ])('takes no address with anything around it (%j)', (address) => {
      expect(problemsOf({ ...mail, from: address })).toEqual([
        'channel 1: from must be an address such as key-warden@example.com',
      ]);
      expect(problemsOf({ ...mail, to: [address] })).toEqual([
        'channel 1: to must be a list of 1 to 20 addresses such as oncall@example.com',
      ]);
    });

    test.each([[], Array.from({ length: 21 }, (_, at) => `a${at}@corp.example`), 'a@b'])(
      'is for 1 to 20 people',
      (to) => {
        expect(problemsOf({ ...mail, to })).toEqual([
          'channel 1: to must be a list of 1 to 20 addresses such as oncall@example.com',
        ]);
      },
    );

    test('goes to a relay, and nothing else does', () => {
      expect(problemsOf({ ...mail, url: 'https://smtp.example' })).toEqual([
        'channel 1: the url of an email is its relay, smtps://HOST:PORT or smtp://HOST:PORT',
      ]);
      expect(problemsOf({ ...webhook, url: 'smtps://smtp.example' })).toEqual([
        'channel 1: only e-mail goes to a relay; the url of webhook is an https address',
      ]);
      expect(problemsOf({ ...slack, to: mail.to })).toEqual(['channel 1: only e-mail has from and to']);
      expect(problemsOf({ ...slack, from: mail.from })).toEqual(['channel 1: only e-mail has from and to']);
      expect(problemsOf({ ...mail, url: 'smtps://user@smtp.example' })).toEqual([
        'channel 1: url must be an https address without user, query or fragment; of an email, its relay: smtps://HOST:PORT or smtp://HOST:PORT',
        'channel 1: the url of an email is its relay, smtps://HOST:PORT or smtp://HOST:PORT',
      ]);
    });

    test('calls nobody by name: to says whom it goes to', () => {
      expect(problemsOf({ ...mail, mentions: [{ who: 'ada@corp.example' }] })).toEqual([
        'channel mail: an email calls nobody by name',
      ]);
    });
  });
});
