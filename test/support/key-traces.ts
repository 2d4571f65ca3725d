import { Buffer } from 'node:buffer';

/** So much of a key, from anywhere behind its prefix, is a trace: short enough to find a key that was cut or broken. */
const TRACE_CHARACTERS = 14;
const PREFIX_CHARACTERS = 6;

/** Every piece by which a key would be found: cut anywhere, in base64 at any of its three offsets, or escaped for a URL. */
function piecesOf(key: string): readonly string[] {
  const body = key.slice(PREFIX_CHARACTERS);
  const cut = Array.from({ length: Math.max(1, body.length - TRACE_CHARACTERS + 1) }, (_, at) =>
    body.slice(at, at + TRACE_CHARACTERS),
  );
  const base64 = [0, 1, 2].flatMap((offset) => {
    const whole = Buffer.from('x'.repeat(offset) + body).toString('base64');
    // Neither end: what stands beside the key decides it.
    return [whole.slice(4, 4 + 16), whole.slice(12, 12 + 16)];
  });
  const escaped = Array.from(body.slice(0, TRACE_CHARACTERS), (one) => `%${one.charCodeAt(0).toString(16)}`).join('');
  return [...cut, ...base64, ...base64.map((piece) => piece.replaceAll('+', '-').replaceAll('/', '_')), escaped];
}

/** Where a key or a piece of it stands in what left a process: the place, and a few characters around, without the key. */
export function tracesOf(keys: readonly string[], left: ReadonlyMap<string, string>): readonly string[] {
  const pieces = [...new Set(keys.flatMap(piecesOf))];
  return [...left].flatMap(([place, text]) => {
    // A key that is broken over two lines is still the key.
    const readings = [text, text.replaceAll(/\\n|\s/g, ''), text.toLowerCase()];
    const found = pieces.find(
      (piece) => readings.slice(0, 2).some((one) => one.includes(piece)) || readings[2]?.includes(piece.toLowerCase()),
    );
    if (found === undefined) return [];
    const at = text.indexOf(found);
    return [`${place}: …${text.slice(Math.max(0, at - 60), Math.max(0, at))}`];
  });
}
