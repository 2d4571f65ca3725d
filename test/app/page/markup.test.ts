import { describe, expect, test } from '@jest/globals';
import { htmlOf, markup } from '../../../src/app/page/markup.ts';

const of = (text: string) => htmlOf(markup`${text}`);

describe('what is put into markup', () => {
  test('is escaped by itself, in text and in attributes alike', () => {
    expect(htmlOf(markup`<b title="${`"><script>alert('x')</script>&`}">${'<i>'}</b>`)).toBe(
      '<b title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">&lt;i&gt;</b>',
    );
  });

  test('stays as it is where it is markup, is joined where it is a list, and leaves nothing where it is absent', () => {
    const items = [1, 'a & b'].map((one) => markup`<li>${one}</li>`);
    expect(htmlOf(markup`<ul>${items}</ul>${undefined}`)).toBe('<ul><li>1</li><li>a &amp; b</li></ul>');
  });

  test('what only looks like markup is none: nothing that was read as JSON can be', () => {
    const forged: unknown = JSON.parse('{"markup":"<b>","html":"<b>","Symbol(markup)":"<b>"}');
    expect(() => htmlOf(markup`${forged as string}`)).toThrow(TypeError);
  });

  test('what turns the reading order round, or is not seen, is shown to be there', () => {
    expect(of('a\u202Eb\u200Bc\u2066d\u0000e\u001Bf\uFEFFg')).toBe('a�b�c�d�e�f�g');
    expect(of('half a sign: \uD800')).toBe('half a sign: �');
    expect(of('two\nlines\tand a tab')).toBe('two\nlines\tand a tab');
  });

  test('a key is taken out, in whatever text it stands (I9)', () => {
    expect(of(`somebody wrote ${'AI' + 'za'}${'x'.repeat(35)} here`)).toBe('somebody wrote [redacted key] here');
    expect(of(`?key=${'abc'}def`)).not.toContain('abcdef');
  });
});
