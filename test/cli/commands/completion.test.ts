import { describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { run } from '../../support/captured.ts';

/** What bash offers for a line whose last word is being typed. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const { out } = await run(['completion', 'bash']);
  const script = `${out}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _key_warden; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script, 'bash', ...words]);
  return stdout.trim().split('\n');
}

describe('completion', () => {
  test('in bash offers commands first, and then the options of the command', async () => {
    expect(await offered('key-warden', 'st')).toEqual(['status']);
    expect(await offered('key-warden', 'status', '--fa')).toEqual(['--failing']);
    expect(await offered('key-warden', 'alert', 't')).toEqual(['test']);
    expect(await offered('key-warden', 'nonsense', '--')).toEqual(['']);
  });

  test('knows every command that the help shows', async () => {
    const { out } = await run(['--help']);
    const shown = [...out.matchAll(/^ {2}([a-z]+)(?: \[|  )/gm)].map(([, name = '']) => name);
    expect(shown.length).toBeGreaterThan(10);
    expect(await offered('key-warden', '')).toEqual(expect.arrayContaining(shown));
  });

  test('in zsh is the same, and in fish says what each is for', async () => {
    expect((await run(['completion', 'zsh'])).out).toMatch(
      /^autoload -U \+X bashcompinit && bashcompinit\n# key-warden/,
    );
    const { code, out } = await run(['completion', 'fish']);
    expect(code).toBe(0);
    expect(out).toContain(
      "complete -c key-warden -n '__fish_seen_subcommand_from status' -l failing -d 'only what is not well'",
    );
    for (const line of out.trim().split('\n').slice(1)) expect(line).toMatch(/^complete -c key-warden /);
  });

  test('of a shell that is not known is a mistake', async () => {
    expect(await run(['completion', 'csh'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('Allowed choices are bash'),
    });
  });
});
