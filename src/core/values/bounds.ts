/** What a whole number of a policy may be, what it is where nobody set it, and what it is for. */
export interface Bound {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
  readonly says: string;
}

/** What is wrong with a value for a bounded number, or `undefined` when it is a whole number within the bounds. */
export function boundProblem(field: string, { min, max }: Bound, value: unknown): string | undefined {
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
  return fits ? undefined : `${field} must be a whole number from ${min} to ${max}, not ${JSON.stringify(value)}`;
}
