import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { annotationViolations } from './annotation-rules.ts';

const SRC = new URL('../../src/', import.meta.url);
const PATHS = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));

test('only the record names, reads and writes annotations of ours', () => {
  const files = new Map(PATHS.map((path) => [path, readFileSync(new URL(path, SRC), 'utf8')]));
  expect(files.size).toBeGreaterThan(300);
  expect(annotationViolations(files)).toEqual([]);
});

test.each([
  ["const name = 'key-warden.health';", 'names an annotation: key-warden.health'],
  ["import { ROTATION_ANNOTATION } from '../x.ts';", 'names an annotation: ROTATION_ANNOTATION'],
  ['const journal = ROTATION_FORM.read(text);', 'reads or writes a form: ROTATION_FORM'],
  ['const text = sighting.annotations[name];', 'looks an annotation up: annotations['],
  [
    'function of({ annotations }: SecretSighting) {}',
    'takes the annotations of a secret: annotations }: SecretSighting',
  ],
  [
    'found.map(({ sighting: { name, annotations } }) => name)',
    'takes the annotations of a secret: sighting: { name, annotations',
  ],
  ['const { annotations } = sighting;', 'takes the annotations of a secret: annotations } = sighting'],
  ['const { annotations } = await vault.look(name);', 'takes the annotations of a secret: annotations } = await vault'],
])('a violation planted in app/check is found: %s', (source, sentence) => {
  expect(annotationViolations(new Map([['app/check/a.ts', source]]))).toEqual([`app/check/a.ts ${sentence}`]);
});

test.each([
  ['core/record/a.ts', "const name = 'key-warden.health';"],
  ['emulator/secret-manager/a.ts', 'const text = secret.annotations[name];'],
  ['app/purge/a.ts', 'const secret = key.annotations[SECRET_MARK];'],
  ['app/purge/a.ts', '// what key-warden.retired lists'],
  ['app/rotation/a.ts', 'await vault.commit(sighting, { annotations: changeOf(sighting.record, { rotation }) });'],
])('%s may have %s', (path, source) => {
  expect(annotationViolations(new Map([[path, source]]))).toEqual([]);
});
