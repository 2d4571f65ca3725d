/** One call for all who ask, and one answer, be it trouble: twenty who ask again would make a full quota fuller. */
export function remembered<T>(known: Map<string, Promise<T>>, name: string, ask: () => Promise<T>): Promise<T> {
  const asked = known.get(name) ?? ask();
  known.set(name, asked);
  return asked;
}
