import { readFile } from 'node:fs/promises';
import { parseJson } from '../../core/values/json.ts';
import type { PretendCloud } from '../../emulator/server/server.ts';
import { WEB_KINDS } from '../../core/alerts/channels/channel.ts';
import { painter, Stop, systemCodeOf, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that `emulator --json` prints where its address stands otherwise. */
const EMULATOR_SCHEMA = 'key-warden/emulator/v1';

export interface EmulatorOptions {
  readonly json: boolean;
  readonly port: number;
  /** Also serve gRPC here. */
  readonly grpcPort?: number | undefined;
  readonly empty: boolean;
  readonly host: string;
  /** File of calls to start with. */
  readonly seed?: string;
  /** Ids of further projects; calls on any other are refused, as at Google. */
  readonly project?: readonly string[];
}

/** Those that gcloud has commands for, as its settings name them. */
const GCLOUD_APIS = ['SECRETMANAGER', 'APIKEYS', 'PUBSUB', 'CLOUDSCHEDULER'];

/** Serves the pretend cloud until Ctrl-C. The first line on standard output is its address, for scripts. */
export async function emulator(terminal: Terminal, options: EmulatorOptions): Promise<0> {
  const { startPretendCloud } = await import('../../emulator/server/server.ts');
  const { alertReceivers } = await import('../../emulator/showcase/receivers.ts');
  const { startGrpcDoor } = await import('../../emulator/server/grpc.ts');
  const { setUpShowcase, SHOWCASE_PROJECT } = await import('../../emulator/showcase/showcase.ts');
  const cloud = await opened(
    options.port,
    '--port',
    startPretendCloud({
      port: options.port,
      host: options.host,
      tickMs: 1000,
      services: [alertReceivers()],
      printBugs: true,
    }),
  );
  const door =
    options.grpcPort === undefined
      ? undefined
      : await opened(
          options.grpcPort,
          '--grpc-port',
          startGrpcDoor({ behind: () => cloud, port: options.grpcPort, host: options.host }),
          cloud,
        );
  const named = options.project ?? [];
  for (const project of named) cloud.names.add(project);
  if (!options.empty) setUpShowcase(cloud);
  if (options.seed !== undefined) await seeded(options.seed, cloud, door);
  const projects = options.empty && named.length > 0 ? named : [...named, SHOWCASE_PROJECT];
  const paint = painter(terminal);
  const { url } = cloud;
  terminal.out(
    options.json ? `${JSON.stringify({ schema: EMULATOR_SCHEMA, url, grpcPort: door?.port, projects })}\n` : `${url}\n`,
  );
  terminal.err(
    [
      paint(
        'bold',
        `A pretend Google Cloud listens on ${cloud.url}; Ctrl-C ends it, and everything in it is forgotten.`,
      ),
      `  worker   export KEY_WARDEN_EMULATOR=${cloud.url} KEY_WARDEN_PROJECTS=${projects.join(',')}`,
      `  gcloud   export CLOUDSDK_AUTH_DISABLE_CREDENTIALS=true CLOUDSDK_CORE_PROJECT=${projects[0]}`,
      `           export ${GCLOUD_APIS.map((api) => `CLOUDSDK_API_ENDPOINT_OVERRIDES_${api}=${cloud.url}/`).join(' ')}`,
      `  alerts   POST ${cloud.url}/_receivers/${WEB_KINDS[0]}/NAME (${WEB_KINDS.slice(1).join(', ')}); what came: curl -s ${cloud.url}/_receivers`,
      '           no mail is taken here: a channel of the kind email needs a relay, such as smtp://127.0.0.1:1025',
      `  control  curl -s ${cloud.url}/_emulator/state`,
      '',
    ].join('\n'),
  );
  if (door !== undefined)
    terminal.err(
      `  gRPC     on ${options.host}:${door.port}, without TLS\n           export PUBSUB_EMULATOR_HOST=${options.host}:${door.port}\n`,
    );
  await terminal.interrupted();
  door?.close();
  await cloud.close();
  return 0;
}

async function seeded(file: string, cloud: PretendCloud, door: { close(): void } | undefined): Promise<void> {
  const { loadSeedFile } = await import('../../emulator/control/seed-file.ts');
  try {
    await loadSeedFile(parseJson(await readFile(file, 'utf8')), cloud.answer, () => cloud.clock.now());
  } catch (trouble) {
    door?.close();
    await cloud.close();
    throw new Stop(4, `${file} cannot be loaded: ${trouble instanceof Error ? trouble.message : 'unknown trouble'}`);
  }
}

/** Closes what was `openedBefore` when the port is taken: it would keep the process alive for ever. */
async function opened<Open>(
  port: number,
  option: string,
  opening: Promise<Open>,
  openedBefore?: { close(): Promise<void> },
): Promise<Open> {
  try {
    return await opening;
  } catch (trouble) {
    await openedBefore?.close();
    throw new Stop(
      4,
      `port ${port} cannot be opened (${systemCodeOf(trouble)})`,
      `choose another with ${option}, or ${option} 0 for a free one`,
    );
  }
}
