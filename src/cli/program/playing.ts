import { Argument } from 'commander';
import { EXAMPLES } from '../show/examples.ts';
import type { Stage } from './stage.ts';
import { repeated, port } from './words.ts';

/** What plays in the pretend cloud. */
export function addPlaying({ command, terminal, ended }: Stage): void {
  command('emulator', 'serve a pretend Google Cloud on this machine', EXAMPLES.emulator)
    .option('--port <port>', 'port on 127.0.0.1; 0 takes a free one', port, 8085)
    .option('--grpc-port <port>', 'also serve gRPC on this port; 0 takes a free one', port)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--empty', 'start without the demo’s secrets', false)
    .option('--seed <file>', 'start from a file that GET /_emulator/seed gave, or one like it')
    .option('--project <id>', 'project that is there besides demo-project', repeated)
    .option('--json', 'print one JSON object with its address', false)
    .action(async (options) => {
      const { emulator } = await import('../commands/emulator.ts');
      ended(await emulator(terminal, options));
    });

  command('drill', 'play bad days through in the pretend cloud, with your own settings', EXAMPLES.drill)
    .addArgument(new Argument('[name...]', 'leak, crash, issuer-down, rollback or pinned; all of them when left out'))
    .option('--secret <id>', 'what the secret is called, for channels that take some only', 'app-key')
    .option('--label <name=value>', 'label of that secret, for the same reason', repeated)
    .option('--json', 'print one JSON object', false)
    .action(async (names, options) => {
      const { drill } = await import('../commands/drill.ts');
      ended(await drill(terminal, names, options));
    });

  command('demo', 'show the whole thing in the pretend cloud; needs no account', EXAMPLES.demo).action(async () => {
    const { demo } = await import('../commands/demo.ts');
    ended(await demo(terminal));
  });
}
