import { describe, expect, test } from '@jest/globals';
import type { IncomingMessage, RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Fault } from '../../../src/app/ports/fault.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { geminiProber, type ProbeLimits } from '../../../src/edge/gemini/gemini.ts';
import { bodyOf, closedPort, httpLoopback, tcpLoopback, type Loopback } from '../../support/loopback.ts';

const CHARACTERS = 'AI' + 'za' + 'x'.repeat(35);
const KEY = new KeyText(CHARACTERS);

async function probing<T>(
  listener: RequestListener,
  use: (prober: ReturnType<typeof geminiProber>, server: Loopback) => Promise<T>,
  limits: Partial<ProbeLimits> = {},
): Promise<T> {
  await using server = await httpLoopback(listener);
  const prober = geminiProber({ url: server.url, limits });
  try {
    return await use(prober, server);
  } finally {
    await prober.close();
  }
}

describe('what the prober sends', () => {
  async function sent(use: (prober: ReturnType<typeof geminiProber>) => Promise<unknown>) {
    const seen: { request: IncomingMessage; body: string }[] = [];
    await probing((request, response) => {
      void bodyOf(request).then((body) => {
        seen.push({ request, body });
        response.end('{}');
      });
    }, use);
    const [only] = seen;
    if (only === undefined || seen.length !== 1) throw new Error(`${seen.length} requests instead of one`);
    return only;
  }

  test('a shallow probe is one GET of the model list', async () => {
    const { request } = await sent((prober) => prober.listModels(KEY, 1));
    expect(request.method).toBe('GET');
    expect(request.url).toBe('/v1beta/models?pageSize=1');
  });

  test('the key is in the header and not in the URL (I9)', async () => {
    const { request } = await sent((prober) => prober.listModels(KEY, 1));
    expect(request.headers['x-goog-api-key']).toBe(CHARACTERS);
    expect(request.headers.authorization).toBeUndefined();
    expect(request.url).not.toContain(CHARACTERS);
  });

  test('the request says who is asking and takes only JSON that is not compressed', async () => {
    const { request } = await sent((prober) => prober.listModels(KEY, 1));
    expect(request.headers['user-agent']).toBe('gemini-key-warden');
    expect(request.headers.accept).toBe('application/json');
    expect(request.headers['accept-encoding']).toBe('identity');
    expect(request.headers['content-type']).toBeUndefined();
  });

  test('a deep probe is one POST that asks for one token', async () => {
    const { request, body } = await sent((prober) => prober.generate(KEY, 'models/gemini-2.5-flash'));
    expect(request.method).toBe('POST');
    expect(request.url).toBe('/v1beta/models/gemini-2.5-flash:generateContent');
    expect(request.headers['content-type']).toBe('application/json');
    expect(JSON.parse(body)).toEqual({
      contents: [{ role: 'user', parts: [{ text: '.' }] }],
      generationConfig: { maxOutputTokens: 1 },
    });
  });

  test('a prefix of the configured URL stands before every path', async () => {
    const paths: (string | undefined)[] = [];
    await using server = await httpLoopback((request, response) => {
      paths.push(request.url);
      response.end('{}');
    });
    const prober = geminiProber({ url: `${server.url}/gemini/` });
    await prober.listModels(KEY, 1000);
    await prober.close();
    expect(paths).toEqual(['/gemini/v1beta/models?pageSize=1000']);
  });

  test.each(['a\nb', 'a\rb', 'a\u0000b', 'schlüssel', ' a', 'a ', '', '\u{1f511}'])(
    'a key that a header cannot carry unchanged (%j) is not sent',
    async (characters) => {
      let asked = 0;
      const answer = await probing(
        (_, response) => {
          asked += 1;
          response.end();
        },
        (prober) => prober.listModels(new KeyText(characters), 1),
      );
      expect(answer).toEqual({
        noAnswer: 'network',
        detail: 'not sent: the key has characters that a header cannot carry',
      });
      expect(asked).toBe(0);
    },
  );

  test.each(['a b', 'x'])('an odd key that a header can carry (%j) is sent: only an answer condemns', async (odd) => {
    const { request } = await sent((prober) => prober.listModels(new KeyText(odd), 1));
    expect(request.headers['x-goog-api-key']).toBe(odd);
  });

  test.each(['gemini-2.5-flash', 'models/', 'models/../../v1/x', 'models/a?key=b', 'models/a/b', ''])(
    'what is not the name of a model (%j) never becomes a path',
    async (model) => {
      const prober = geminiProber({ url: `http://127.0.0.1:${await closedPort()}` });
      expect(await prober.generate(KEY, model)).toEqual({
        noAnswer: 'network',
        detail: 'not sent: that is not the name of a model',
      });
      await prober.close();
    },
  );
});

describe('what counts as an answer', () => {
  test('status, content type and body, with how the key was sent and its kind', async () => {
    const answer = await probing(
      (_, response) =>
        response.writeHead(400, { 'content-type': 'application/json; charset=UTF-8' }).end('{"error":1}'),
      (prober) => prober.listModels(KEY, 1),
    );
    expect(answer).toEqual({
      sentAs: 'header',
      keyKind: 'standard',
      status: 400,
      contentType: 'application/json; charset=UTF-8',
      body: '{"error":1}',
    });
  });

  test('a redirect is the answer: nobody else is shown the key', async () => {
    const paths: (string | undefined)[] = [];
    const answer = await probing(
      (request, response) => {
        paths.push(request.url);
        response.writeHead(302, { location: '/elsewhere' }).end('moved');
      },
      (prober) => prober.listModels(KEY, 1),
    );
    expect(answer).toMatchObject({ status: 302, body: 'moved' });
    expect(paths).toHaveLength(1);
  });

  test('a body over the bound is cut and said to be', async () => {
    const answer = await probing(
      (_, response) => response.writeHead(200).end('0123456789'),
      (prober) => prober.listModels(KEY, 1),
      { bodyBytes: 4 },
    );
    expect(answer).toMatchObject({ status: 200, body: '0123', truncated: true });
  });

  test('a body exactly at the bound is whole', async () => {
    const answer = await probing(
      (_, response) => response.writeHead(200).end('0123'),
      (prober) => prober.listModels(KEY, 1),
      { bodyBytes: 4 },
    );
    expect(answer).toMatchObject({ body: '0123' });
    expect(answer).not.toHaveProperty('truncated');
  });

  test('an endless body is left after the bound', async () => {
    const answer = await probing(
      (_, response) => {
        response.writeHead(200);
        const more = (): void => {
          if (response.write('x'.repeat(65_536))) setImmediate(more);
          else response.once('drain', more);
        };
        more();
      },
      (prober) => prober.listModels(KEY, 1),
    );
    expect(answer).toMatchObject({ status: 200, truncated: true, body: 'x'.repeat(1_048_576) });
  });

  test('half a body with a reason in it is an answer', async () => {
    const answer = await probing(
      (_, response) => {
        response.writeHead(400, { 'content-length': '100' });
        response.write('{"error":', () => response.destroy());
      },
      (prober) => prober.listModels(KEY, 1),
    );
    expect(answer).toMatchObject({ status: 400, body: '{"error":', truncated: true });
  });

  test('200 is an answer though the body never came: the key was let in', async () => {
    const answer = await probing(
      (_, response) => response.writeHead(200, { 'content-length': '100' }).flushHeaders(),
      (prober) => prober.listModels(KEY, 1),
      { bodyMs: 20 },
    );
    expect(answer).toMatchObject({ status: 200, body: '', truncated: true });
  });

  test('bytes that are not text do not make it fail', async () => {
    const answer = await probing(
      (_, response) => response.writeHead(403, { 'content-encoding': 'gzip' }).end(gzipSync('blocked')),
      (prober) => prober.listModels(KEY, 1),
    );
    expect(answer).toMatchObject({ status: 403 });
  });

  test('a hundred probes one after the other do not open a hundred connections', async () => {
    await probing(
      (_, response) => response.end('{}'),
      async (prober, server) => {
        for (let probe = 0; probe < 100; probe += 1) await prober.listModels(KEY, 1);
        expect(server.sockets()).toBeLessThanOrEqual(2);
      },
    );
  });
});

describe('connections', () => {
  test('many probes at once share a bounded number of them', async () => {
    await probing(
      (_, response) => setImmediate(() => response.end('{}')),
      async (prober, server) => {
        const answers = await Promise.all(Array.from({ length: 200 }, () => prober.listModels(KEY, 1)));
        expect(answers.every((answer) => 'status' in answer)).toBe(true);
        expect(server.sockets()).toBeGreaterThan(1);
        expect(server.sockets()).toBeLessThanOrEqual(64);
      },
    );
  });

  test('offer HTTP/1.1 and not HTTP/2, on which probes would hold each other up', async () => {
    const hello: Buffer[] = [];
    await using server = await tcpLoopback((socket) =>
      socket.on('data', (bytes) => {
        hello.push(bytes);
        socket.destroy();
      }),
    );
    const prober = geminiProber({ url: `https://127.0.0.1:${server.port}` });
    await prober.listModels(KEY, 1);
    await prober.close();
    const offered = Buffer.concat(hello).toString('latin1');
    expect(offered).toContain('\u0008http/1.1');
    expect(offered).not.toContain('\u0002h2');
  });
});

describe('what is no answer', () => {
  test('headers that do not come in time', async () => {
    const answer = await probing(
      () => undefined,
      (prober) => prober.listModels(KEY, 1),
      { headersMs: 20 },
    );
    expect(answer).toEqual({ noAnswer: 'timeout', detail: 'no answer in time' });
  });

  test('a body that does not come in time, when the status alone says nothing', async () => {
    const answer = await probing(
      (_, response) => response.writeHead(400, { 'content-length': '100' }).flushHeaders(),
      (prober) => prober.listModels(KEY, 1),
      { bodyMs: 20 },
    );
    expect(answer).toEqual({ noAnswer: 'timeout', detail: 'no body in time' });
  });

  test('a body that trickles is held to the time of the whole', async () => {
    const answer = await probing(
      (request, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write('x'), 5);
        request.on('close', () => clearInterval(drip));
      },
      (prober) => prober.listModels(KEY, 1),
      { bodyMs: 40 },
    );
    expect(answer).toMatchObject({ status: 200, truncated: true });
  });

  test('a TLS handshake that does not come in time', async () => {
    await using server = await tcpLoopback(() => undefined);
    const prober = geminiProber({ url: `https://127.0.0.1:${server.port}`, limits: { connectMs: 20 } });
    expect(await prober.listModels(KEY, 1)).toEqual({ noAnswer: 'timeout', detail: 'no connection in time' });
    await prober.close();
  });

  test('a TLS handshake that fails', async () => {
    await using server = await tcpLoopback((socket) => socket.end('this is not TLS\r\n'));
    const prober = geminiProber({ url: `https://127.0.0.1:${server.port}` });
    expect(await prober.listModels(KEY, 1)).toEqual({
      noAnswer: 'network',
      detail: 'no secure connection: the TLS handshake failed',
    });
    await prober.close();
  });

  test('a closed port', async () => {
    const prober = geminiProber({ url: `http://127.0.0.1:${await closedPort()}` });
    expect(await prober.listModels(KEY, 1)).toEqual({ noAnswer: 'network', detail: 'connection refused' });
    await prober.close();
  });

  test('a host name that does not resolve', async () => {
    const prober = geminiProber({ url: 'https://gemini.invalid' });
    const answer = await prober.listModels(KEY, 1);
    expect(['the host name does not resolve', 'the name server does not answer']).toContain(
      'detail' in answer ? answer.detail : answer,
    );
    await prober.close();
  });

  test('a connection that breaks before the headers', async () => {
    await using server = await tcpLoopback((socket) => socket.once('data', () => socket.destroy()));
    const prober = geminiProber({ url: server.url });
    expect(await prober.listModels(KEY, 1)).toEqual({ noAnswer: 'network', detail: 'the connection broke' });
    await prober.close();
  });

  test('a connection that breaks before the body', async () => {
    const answer = await probing(
      (_, response) => {
        response.writeHead(403, { 'content-length': '100' }).flushHeaders();
        setImmediate(() => response.destroy());
      },
      (prober) => prober.listModels(KEY, 1),
    );
    expect(answer).toEqual({ noAnswer: 'network', detail: 'the connection broke' });
  });

  test('something that does not speak HTTP', async () => {
    await using server = await tcpLoopback((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    const prober = geminiProber({ url: server.url });
    expect(await prober.listModels(KEY, 1)).toEqual({
      noAnswer: 'network',
      detail: 'what answered does not speak HTTP',
    });
    await prober.close();
  });

  test('a prober that was closed', async () => {
    const prober = geminiProber({ url: `http://127.0.0.1:${await closedPort()}` });
    await prober.close();
    expect(await prober.listModels(KEY, 1)).toEqual({ noAnswer: 'network', detail: 'the request failed' });
  });
});

test('a URL of plain http to another machine is refused before any key is at hand', () => {
  expect(() => geminiProber({ url: 'http://gemini.example.com' })).toThrow(Fault);
});
