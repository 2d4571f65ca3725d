import { Buffer } from 'node:buffer';

/** Google answers with project numbers whatever was sent; this knows which number belongs to which id. */
export interface ProjectNames {
  /** The 12-digit number, also when given the number. An unknown id gets one, and stays unknown. */
  numberOf(idOrNumber: string): string;
  /** The id, also when given the id. A number nobody preset belongs to `project-<number>`. */
  idOf(idOrNumber: string): string;
  /** Makes the project one that is there, with a number of its own unless one is given. */
  add(idOrNumber: string, number?: string): string;
  /** Whether there is such a project. */
  isKnown(idOrNumber: string): boolean;
  /** Ids of the projects that are there. */
  known(): readonly string[];
}

/** `preset` maps ids to numbers; every other id gets a number derived from its characters, the same in every run. */
export function projectNames(preset: Readonly<Record<string, string>> = {}): ProjectNames {
  const numbers = new Map<string, string>();
  const ids = new Map<string, string>();
  const known = new Set<string>();
  const pair = (id: string, number: string): void => {
    numbers.set(id, number);
    ids.set(number, id);
  };
  const board: ProjectNames = {
    numberOf(idOrNumber) {
      if (isNumber(idOrNumber)) return idOrNumber;
      const paired = numbers.get(idOrNumber);
      if (paired !== undefined) return paired;
      const number = derivedNumber(idOrNumber, (candidate) => !ids.has(candidate));
      pair(idOrNumber, number);
      return number;
    },
    idOf(idOrNumber) {
      if (!isNumber(idOrNumber)) return idOrNumber;
      return ids.get(idOrNumber) ?? `project-${idOrNumber}`;
    },
    add(idOrNumber, number) {
      if (number !== undefined) pair(idOrNumber, number);
      known.add(board.numberOf(idOrNumber));
      return board.numberOf(idOrNumber);
    },
    isKnown: (idOrNumber) => known.has(board.numberOf(idOrNumber)),
    known: () => [...known].map((number) => board.idOf(number)),
  };
  for (const [id, number] of Object.entries(preset)) board.add(id, number);
  return board;
}

function isNumber(idOrNumber: string): boolean {
  return /^\d+$/.test(idOrNumber);
}

function derivedNumber(id: string, free: (candidate: string) => boolean): string {
  let mixed = 7;
  for (const byte of Buffer.from(id)) mixed = (mixed * 31 + byte) % 899_999_999_981;
  while (!free(String(100_000_000_000 + mixed))) mixed = (mixed + 1) % 899_999_999_981;
  return String(100_000_000_000 + mixed);
}
