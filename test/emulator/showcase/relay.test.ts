import { expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { createTransport } from 'nodemailer';
import { pretendRelay } from '../../../src/emulator/showcase/relay.ts';

test('a pretend relay takes every mail as a mail library sends it, and gives it out once', async () => {
  const relay = await pretendRelay();
  const transport = createTransport({ url: relay.url, ignoreTLS: true, auth: { user: 'any', pass: 'body' } });
  const to = ['a@x.example', 'b@x.example'];
  for (const text of ['one', '.two']) await transport.sendMail({ from: 'k@x.example', to, subject: 's', text });
  expect(relay.take()).toMatchObject([
    { from: 'k@x.example', to, text: expect.stringMatching(/Subject: s\r\n[\s\S]*\r\n\r\none/) },
    { from: 'k@x.example', to, text: expect.stringMatching(/\r\n\.two/) },
  ]);
  expect(relay.take()).toEqual([]);
  await relay.close();
});

test('a pretend relay refuses what makes no sense, and ends while somebody is connected', async () => {
  const relay = await pretendRelay();
  const socket = connect(Number(new URL(relay.url).port), '127.0.0.1');
  const lines = createInterface(socket)[Symbol.asyncIterator]();
  const said: unknown[] = [(await lines.next()).value];
  for (const line of ['HELP', 'DATA']) {
    socket.write(`${line}\r\n`);
    said.push((await lines.next()).value);
  }
  expect(said).toEqual(['220 pretend relay', '500 not known here', '503 nobody to send it to']);
  await relay.close();
  socket.destroy();
});
