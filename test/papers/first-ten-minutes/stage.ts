import type { PretendCloud } from '../../../src/emulator/server/server.ts';
import { pretendCloud } from '../../support/cloud.ts';
import { SHOWCASE_PROJECT } from '../../../src/emulator/showcase/showcase.ts';

const FROM = Date.UTC(2026, 10, 24, 9);

/** A cloud in which every run is the same to the byte: its clock stands still until somebody moves it. */
export function stillCloud(): Promise<PretendCloud> {
  let passed = 0;
  return pretendCloud({
    clock: { now: () => FROM + passed, advance: (milliseconds) => void (passed += milliseconds) },
    seed: 'papers',
  });
}

/** What a person's shell has set after `key-warden emulator` said so. */
export function settingsFor({ url }: PretendCloud): Readonly<Record<string, string>> {
  return { KEY_WARDEN_EMULATOR: url, KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT, USER: 'jane' };
}

/** A run of the worker ended: Cloud Run takes its heartbeat from the log. */
export function workerLooked(cloud: PretendCloud, secrets: number): void {
  cloud.logging.take(
    SHOWCASE_PROJECT,
    JSON.stringify({
      severity: 'INFO',
      heartbeat: { expected: secrets, seen: secrets, listed: [`${SHOWCASE_PROJECT}/global`] },
    }),
  );
}
