import { VARIABLES } from './variable-names.ts';

const LINE = new RegExp(String.raw`^([ \t]*)(export[ \t]+)?(${VARIABLES.join('|')})([ \t]*)=([ \t]*)(.*?)(\r?)$`);

/** What other readers of an env file than Node take a line for: docker's `--env-file` reads it as it stands, a shell by its own rules. */
export function readOtherwise(text: string, path: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const [, indent = '', exported, name = '', before = '', after = '', value = '', lineEnd = ''] =
      LINE.exec(line) ?? [];
    if (name === '') return [];
    return [
      ...(exported === undefined ? [] : [`docker --env-file does not know “export” before ${name} in ${path}`]),
      ...(/^["'`]/.test(value) ? [`docker --env-file takes the quotes for a part of ${name} in ${path}`] : []),
      ...(/\s#/.test(value) ? [`docker --env-file takes the comment for a part of ${name} in ${path}`] : []),
      ...(lineEnd === '' ? [] : [`a shell takes the carriage return of Windows for a part of ${name} in ${path}`]),
      ...(before === '' && after === '' && indent === ''
        ? []
        : [`a shell does not take white space around the = of ${name} in ${path}`]),
    ];
  });
}
