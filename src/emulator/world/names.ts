import { Buffer } from 'node:buffer';

/** Google answers with project numbers whatever was sent; this knows which number belongs to which id. */
export interface ProjectNames {
  /** The 12-digit number, also when given the number. An unknown id is registered at once. */
  numberOf(idOrNumber: string): string;
  /** The id, also when given the id. A number nobody preset belongs to `project-<number>`. */
  idOf(idOrNumber: string): string;
}

/** `preset` maps ids to numbers; every other id gets a number derived from its characters, the same in every run. */
export function projectNames(preset: Readonly<Record<string, string>> = {}): ProjectNames {
  const numbers = new Map<string, string>();
  const ids = new Map<string, string>();
  const pair = (id: string, number: string): void => {
    numbers.set(id, number);
    ids.set(number, id);
  };
  for (const [id, number] of Object.entries(preset)) pair(id, number);

  return {
    numberOf(idOrNumber) {
      if (isNumber(idOrNumber)) return idOrNumber;
      const known = numbers.get(idOrNumber);
      if (known !== undefined) return known;
      const number = derivedNumber(idOrNumber, (candidate) => !ids.has(candidate));
      pair(idOrNumber, number);
      return number;
    },
    idOf(idOrNumber) {
      if (!isNumber(idOrNumber)) return idOrNumber;
      return ids.get(idOrNumber) ?? `project-${idOrNumber}`;
    },
  };
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
