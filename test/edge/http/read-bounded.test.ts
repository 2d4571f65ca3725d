import { describe, expect, test } from '@jest/globals';
import { Readable } from 'node:stream';
import { readBounded } from '../../../src/edge/http/read-bounded.ts';

const timersAlive = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('reading a body within bounds', () => {
  test('gives all of it when it is small and quick', async () => {
    expect(await readBounded(Readable.from([Buffer.from('a'), Buffer.from('b')]), 2, 60_000)).toEqual({ text: 'ab' });
  });

  test('leaves no timer behind that would keep a process alive', async () => {
    const before = timersAlive();
    await readBounded(Readable.from([Buffer.from('a')]), 1, 60_000);
    expect(timersAlive()).toBe(before);
  });

  test('closes a stream that holds more than the bound', async () => {
    const stream = Readable.from([Buffer.from('abc'), Buffer.from('d')]);
    expect(await readBounded(stream, 2, 60_000)).toEqual({ text: 'ab', cut: 'size' });
    expect(stream.destroyed).toBe(true);
  });

  test('closes a stream that goes quiet', async () => {
    const stream = new Readable({ read: () => undefined });
    stream.push('a');
    expect(await readBounded(stream, 2, 10)).toEqual({ text: 'a', cut: 'time' });
    expect(stream.destroyed).toBe(true);
  });

  test('keeps what came before the stream broke', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('a');
        await Promise.resolve();
        throw new Error('10.0.0.1 is gone');
      })(),
    );
    expect(await readBounded(broken, 2, 60_000)).toEqual({ text: 'a', cut: 'broken' });
  });
});
