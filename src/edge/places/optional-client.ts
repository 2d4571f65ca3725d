import { Fault } from '../../app/ports/fault.ts';

/** A vendor's client, which is no part of this package: it is heavy, and few need it. Rejects with how to get it. */
export async function optionalClient<Library>(name: string, load = loaded): Promise<Library> {
  try {
    return await load(name);
  } catch (trouble) {
    throw new Fault(
      'invalid',
      `The client ${name} is not here. Put it beside key-warden, as in: npm install ${name} (with -g where key-warden was installed so).`,
      { cause: trouble },
    );
  }
}

/** By a name that a bundler does not see, and so does not take in. */
function loaded(name: string) {
  return import(name);
}

/** The name of an error of a client’s. Its text is never shown: it may quote what was stored. */
export function nameOf(trouble: unknown): string {
  const name = trouble instanceof Error ? trouble.name : '';
  return /^[A-Za-z]{1,60}$/.test(name) ? name : 'an error without a name';
}

/** What a client answered, by its fields: it is typed by the vendor, whose types are not here. */
export function fieldsOf(answer: unknown): Readonly<Record<string, unknown>> {
  return typeof answer === 'object' && answer !== null ? { ...answer } : {};
}
