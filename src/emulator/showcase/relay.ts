import { createServer, type Socket } from 'node:net';

/** A mail as it came. */
interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as they came. */
  readonly text: string;
}

/**
 * A pretend relay for mail on 127.0.0.1, without TLS, which nothing but a relay of this machine may be. It takes every login and every
 * mail (RFC 5321), and keeps what came.
 */
export interface PretendRelay {
  /** `smtp://127.0.0.1:PORT`. */
  readonly url: string;
  /** What came since this was asked last. */
  take(): readonly TakenMail[];
  close(): Promise<void>;
}

/** Starts one on a free port. */
export async function pretendRelay(): Promise<PretendRelay> {
  const taken: TakenMail[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.setEncoding('utf8').on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    const answer = session((mail) => taken.push(mail));
    let rest = '';
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) for (const reply of answer(line)) socket.write(`${reply}\r\n`);
    });
    socket.write('220 pretend relay\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    take: () => taken.splice(0),
    close() {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** What is answered to each line of one connection. */
function session(takes: (mail: TakenMail) => void): (line: string) => readonly string[] {
  let [from, to, body]: [string, string[], string[] | undefined] = ['', [], undefined];
  return (line) => {
    if (body !== undefined) {
      if (line !== '.') {
        body.push(line.replace(/^\./, ''));
        return [];
      }
      takes({ from, to, text: body.join('\r\n') });
      [from, to, body] = ['', [], undefined];
      return ['250 taken'];
    }
    const path = /<([^>]*)>/.exec(line)?.[1] ?? '';
    switch (line.slice(0, 4).toUpperCase()) {
      case 'EHLO':
        return ['250-pretend', '250 AUTH PLAIN'];
      case 'AUTH':
        return ['235 taken'];
      case 'MAIL':
        from = path;
        return ['250 taken'];
      case 'RCPT':
        to.push(path);
        return ['250 taken'];
      case 'DATA':
        if (to.length === 0) return ['503 nobody to send it to'];
        body = [];
        return ['354 go on'];
      case 'QUIT':
        return ['221 bye'];
      default:
        return ['500 not known here'];
    }
  };
}
