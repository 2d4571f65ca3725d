import { parseRecord } from '../values/json.ts';

/** The deployed functions that the command line calls, by their names in the module. */
export const CALLED_FUNCTIONS = ['health-check', 'rotate', 'purge', 'reach'] as const;
export type CalledFunction = (typeof CALLED_FUNCTIONS)[number];

/** Where each is, which is also the audience of a token for it. One that is not deployed is missing. */
export type FunctionUrls = Readonly<Partial<Record<CalledFunction, string>>>;

const FORM = /^(?:https:\/\/[A-Za-z0-9.-]+(?::\d+)?|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?)\/?$/;

/** Whether a function may be called there: plain http is for loopback only, for a token travels with every call. */
export function isFunctionUrl(url: string): boolean {
  return FORM.test(url);
}

/**
 * Reads the map that Terraform prints as its output `urls`. Other functions of a deployment stand in it and are nobody's to
 * call.
 */
export function readFunctionUrls(
  text: string,
): { readonly urls: FunctionUrls } | { readonly problems: readonly string[] } {
  const map = parseRecord(text);
  if (map === undefined)
    return {
      problems: [
        'it must be a JSON object such as {"rotate":"https://…"}: take what `terraform output -json urls` prints',
      ],
    };
  const urls: Partial<Record<CalledFunction, string>> = {};
  const problems: string[] = [];
  for (const name of CALLED_FUNCTIONS) {
    const url = map[name];
    if (url === undefined) continue;
    if (typeof url === 'string' && isFunctionUrl(url)) urls[name] = url.replace(/\/$/, '');
    else problems.push(`${name} must be at https://host, or http://127.0.0.1:port for one on this machine`);
  }
  if (problems.length === 0 && Object.keys(urls).length === 0)
    problems.push(`it names none of ${CALLED_FUNCTIONS.join(', ')}: take what \`terraform output -json urls\` prints`);
  return problems.length > 0 ? { problems } : { urls };
}
