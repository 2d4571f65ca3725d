import type { Verb } from './verb.ts';

const IDLE_SECONDS = 15 * 60;
const DAY_SECONDS = 86_400;

/** What becomes of services, jobs, worker pools and functions: who sends traffic, how long a rollout takes, what fails. */
export const CONSUMER_VERBS: Readonly<Record<string, Verb>> = {
  'POST consumers': {
    fields: ['name', 'perMinute', 'instances', 'idleSeconds', 'livesSeconds', 'at'],
    act(input, { world }) {
      const { instances } = world();
      instances.use(input.text('name'), {
        perMinute: input.number('perMinute'),
        instances: input.optionalCount('instances') ?? 1,
        idleMs: (input.optionalNumber('idleSeconds') ?? IDLE_SECONDS) * 1000,
        livesMs: (input.optionalNumber('livesSeconds') ?? DAY_SECONDS) * 1000,
        at: input.optionalText('at'),
      });
      return {};
    },
  },
  'GET consumers': { fields: [], act: (_, { world }) => ({ consumers: world().instances.tallies() }) },
  'POST pace': {
    fields: ['readyMs', 'buildMs', 'unreachable'],
    act(input, { world }) {
      const { run, functions } = world();
      run.setPace(input.optionalNumber('readyMs') ?? 0);
      functions.setPace(input.optionalNumber('buildMs') ?? 0);
      functions.setUnreachable(input.texts('unreachable'));
      return {};
    },
  },
  'POST unready': {
    fields: ['name', 'times', 'message'],
    act(input, { world }) {
      const [name, times] = [input.text('name'), input.optionalCount('times') ?? 1];
      if (/\/functions\/[^/]+$/.test(name)) world().functions.planFailure(name, times);
      else {
        const usual =
          'The user-provided container failed to start and listen on the port defined provided by the PORT=8080 ' +
          'environment variable within the allocated timeout.';
        const message = input.optionalText('message') ?? usual;
        world().run.plan(name, { code: 9, revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR', message }, times);
      }
      return {};
    },
  },
};
