import { expect, test } from '@jest/globals';
import { layered } from '../../../src/core/settings/layered.ts';

const FILE = { KEY_WARDEN_PROJECTS: 'of-file', KEY_WARDEN_ALERT_TOPIC: 'topic-of-file' };

test('a variable goes before the file, the file before gcloud, and who was overruled is told', () => {
  expect(layered({ KEY_WARDEN_ALERT_TOPIC: 'other', PATH: '/bin' }, FILE, 'of-gcloud')).toEqual({
    environment: { KEY_WARDEN_PROJECTS: 'of-file', KEY_WARDEN_ALERT_TOPIC: 'other', PATH: '/bin' },
    origins: { KEY_WARDEN_PROJECTS: 'file', KEY_WARDEN_ALERT_TOPIC: 'variable' },
    overruled: ['KEY_WARDEN_ALERT_TOPIC'],
  });
});

test('a variable that says the same as the file overrules nothing', () => {
  expect(layered({ ...FILE }, FILE, undefined)).toMatchObject({ overruled: [] });
});

test('gcloud’s project counts where nothing else names one', () => {
  expect(layered({}, {}, 'of-gcloud')).toMatchObject({
    environment: { KEY_WARDEN_PROJECTS: 'of-gcloud' },
    origins: { KEY_WARDEN_PROJECTS: 'gcloud' },
  });
  expect(layered({ GOOGLE_CLOUD_PROJECT: 'p', HOME: undefined }, {}, 'of-gcloud')).toEqual({
    environment: { GOOGLE_CLOUD_PROJECT: 'p' },
    origins: { GOOGLE_CLOUD_PROJECT: 'variable' },
    overruled: [],
  });
  expect(layered({}, {}, undefined).environment).toEqual({});
});

test('GOOGLE_CLOUD_PROJECT is a variable too, and goes before the file’s projects', () => {
  const { environment, overruled } = layered({ GOOGLE_CLOUD_PROJECT: 'of-shell' }, FILE, 'of-gcloud');
  expect(environment).toEqual({ GOOGLE_CLOUD_PROJECT: 'of-shell', KEY_WARDEN_ALERT_TOPIC: 'topic-of-file' });
  expect(overruled).toEqual(['KEY_WARDEN_PROJECTS']);
});

test('beside a pretend cloud neither the file nor gcloud counts, also one whose address went missing', () => {
  for (const KEY_WARDEN_EMULATOR of ['http://127.0.0.1:8085', '']) {
    const told = layered({ KEY_WARDEN_EMULATOR }, FILE, 'of-gcloud');
    expect(told).toMatchObject({ environment: { KEY_WARDEN_EMULATOR }, origins: { KEY_WARDEN_EMULATOR: 'variable' } });
    expect(told.unused).toContain('it is of a real deployment');
  }
  expect(layered({ KEY_WARDEN_EMULATOR: 'x' }, {}, undefined).unused).toBeUndefined();
});
