import type { GenericFormatter, SingleBar } from 'cli-progress';

/** How far work has come, for somebody who waits. What is not known yet is left out. */
export interface Progressed {
  readonly doing: string;
  readonly done?: number | undefined;
  readonly of?: number | undefined;
  /** Of what is done, how much is bad. */
  readonly bad?: number | undefined;
}

/** Shows how far the work is, in the place of what was shown before; `undefined` takes it away, at the end or before something is printed. */
export type Progress = (progressed: Progressed | undefined) => void;

/** Sooner nobody wonders whether anything happens. */
const WONDERS_MS = 1000;

/**
 * Progress in the last line of a screen. The library is loaded when something is shown. It is told to leave signals, the cursor and
 * the wrapping of lines alone, so that Ctrl-C finds the terminal as it was.
 */
export function progressOn(stream: NodeJS.WritableStream, sleep: (milliseconds: number) => Promise<unknown>): Progress {
  let work: { progressed: Progressed; bar?: SingleBar } | undefined;
  const showLater = async (mine: typeof work & object) => {
    await sleep(WONDERS_MS);
    if (work !== mine) return;
    const { SingleBar: Bar, Format } = (await import('cli-progress')).default;
    if (work !== mine) return;
    const format: GenericFormatter = (options, { progress, maxWidth }) =>
      lineOf(mine.progressed, maxWidth - 1, (barsize) => Format.BarFormat(progress, { ...options, barsize }));
    mine.bar = new Bar({
      stream,
      format,
      clearOnComplete: true,
      gracefulExit: false,
      hideCursor: false,
      linewrap: true,
    });
    mine.bar.start(mine.progressed.of ?? 0, mine.progressed.done ?? 0);
  };
  return (progressed) => {
    if (progressed === undefined) {
      work?.bar?.stop();
      work = undefined;
    } else if (work === undefined) {
      work = { progressed };
      void showLater(work);
    } else {
      work.progressed = progressed;
      work.bar?.setTotal(progressed.of ?? 0);
      work.bar?.update(progressed.done ?? 0);
    }
  };
}

/** Whether a terminal can take a line back; a build server's log keeps every one. */
export function takesLinesBack({ CI, TERM }: Readonly<Record<string, string | undefined>>): boolean {
  return (CI === undefined || CI === '') && TERM !== 'dumb';
}

const BAR = { min: 10, max: 30 };

/** One line that fits: words go before the bar. */
function lineOf({ doing, done, of, bad = 0 }: Progressed, room: number, bar: (width: number) => string): string {
  const counts = done === undefined ? '' : of === undefined ? `: ${done}` : `: ${done} of ${of}`;
  const words = `${doing}${counts}${bad === 0 ? '' : `, ${bad} bad so far`}`;
  const width = Math.min(BAR.max, room - words.length - ' []'.length);
  return of === undefined || width < BAR.min ? words.slice(0, Math.max(0, room)) : `[${bar(width)}] ${words}`;
}
