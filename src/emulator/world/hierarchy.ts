import type { ProjectNames } from './names.ts';

/** The one organisation of the pretend cloud, which every project is in. */
export const ORGANIZATION = 'organizations/100000000001';

/** What is above projects. */
export interface Hierarchy {
  /** Puts a project into a folder of the organisation, such as `folders/7`. */
  put(project: string, folder: string): void;
  /** What a project, or a folder, is in: the nearest first. */
  above(on: string): readonly string[];
  /** Whether there is such a folder or organisation. */
  has(scope: string): boolean;
}

/** Whether a text is the name of something above projects. */
export function isScope(on: string): boolean {
  return /^(?:organizations|folders)\/\d+$/.test(on);
}

/** Every project stands below the organisation alone until somebody puts it into a folder. */
export function hierarchy(names: ProjectNames): Hierarchy {
  const folders = new Map<string, string>();
  return {
    put(project, folder) {
      folders.set(names.numberOf(project), folder);
    },
    above(on) {
      if (isScope(on)) return on === ORGANIZATION ? [] : [ORGANIZATION];
      const folder = folders.get(names.numberOf(on));
      return folder === undefined ? [ORGANIZATION] : [folder, ORGANIZATION];
    },
    has: (scope) => scope === ORGANIZATION || [...folders.values()].includes(scope),
  };
}
