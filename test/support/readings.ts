import type { OnPage } from '../../src/app/page/on-page.ts';
import type { Consumer, SecretRead } from '../../src/core/consumers/consumer.ts';
import { readingsOf } from '../../src/core/consumers/reading.ts';

/** One way to name the secret `gemini`: by the variable `KEY`, unless told otherwise. */
export function read(version: string, project = 'p', more: Partial<SecretRead> = {}): SecretRead {
  return { secret: { project, location: 'global', secret: 'gemini' }, version, by: 'variable', at: 'KEY', ...more };
}

/** A service whose one revision reads what its template reads. */
export function consumer(id: string, reads: readonly SecretRead[], more: Partial<Consumer> = {}): Consumer {
  return {
    kind: 'service',
    name: `projects/p/locations/europe-west1/services/${id}`,
    project: 'p',
    region: 'europe-west1',
    labels: {},
    deployedBy: 'hand',
    template: reads,
    running: [{ name: `${id}-1`, share: 100, reads }],
    follows: true,
    ...more,
  };
}

/** Who reads some secrets, by their names, as one looks it up for a page. */
export function readersBy(
  consumers: Readonly<Record<string, readonly Consumer[]>>,
  notLooked: readonly string[] = [],
): NonNullable<OnPage['readers']> {
  const all = Object.entries(consumers).map(([secret, own]) => {
    const readings = own.flatMap((one) => readingsOf(one, () => true));
    return [secret, { readings, notLooked: [], barred: false, late: [] }] as const;
  });
  return { of: new Map(all), notLooked };
}
