import { main } from '../../src/cli/main.ts';
import { onDisk } from '../../src/cli/on-disk.ts';
import { readSettings } from '../../src/core/settings/read-settings.ts';
import { structuredLog } from '../../src/edge/process/log.ts';
import { wireTo, type Wire } from '../../src/wire.ts';
import { timeAt, type Captured } from './captured.ts';

/** Runs a command line with a home of its own, whose Google is the pretend cloud although no setting says so. */
export async function configuredCommand(
  { url }: { readonly url: string },
  home: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Captured> {
  const [out, err] = [new Array<string>(), new Array<string>()];
  const terminal = {
    environment,
    onDisk: () => onDisk(environment, home),
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    input: () => Promise.resolve(undefined),
    colour: false,
    interrupted: () => new Promise<void>(() => undefined),
  };
  const wire = wireTo(structuredLog(terminal.err), await timeAt(url));
  const reading = readSettings({ KEY_WARDEN_EMULATOR: url }, { project: false, callers: false });
  if ('problems' in reading) throw new Error(reading.problems.join());
  const { endpoints } = reading.settings;
  const here: Wire = (settings: Parameters<Wire>[0]) => wire({ ...settings, endpoints });
  const code = await main(words, terminal, () => Promise.resolve(here));
  return { code, out: out.join(''), err: err.join('') };
}
