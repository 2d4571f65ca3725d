/** One instruction of a Dockerfile, its continuation lines joined. */
export interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** The instructions of each stage, from its FROM on; by name where it has one, else by number. */
export function stagesOf(dockerfile: string): ReadonlyMap<string, readonly Instruction[]> {
  const lines = dockerfile
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const stages = new Map<string, Instruction[]>();
  let stage: Instruction[] = [];
  for (const line of lines) {
    const [, word = '', rest = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
    if (word === '') throw new TypeError(`not an instruction: ${line}`);
    if (word === 'FROM') stages.set(/ AS (\S+)$/.exec(rest)?.[1] ?? String(stages.size), (stage = []));
    stage.push({ word, rest });
  }
  return stages;
}

/** What the last instruction of a kind says; `undefined` where a stage has none. */
export function lastOf(stage: readonly Instruction[], word: string): string | undefined {
  return stage.findLast((instruction) => instruction.word === word)?.rest;
}

/** The words of the JSON form of ENTRYPOINT, CMD and the like. */
export function wordsOf(rest: string | undefined): readonly string[] {
  const words: unknown = JSON.parse(rest ?? '[]');
  return Array.isArray(words) ? words.map(String) : [];
}
