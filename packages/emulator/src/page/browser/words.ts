/** Claims that are times, in seconds since the epoch. */
const TIMES = new Set(['iat', 'exp', 'nbf', 'auth_time', 'google.compute_engine.instance_creation_timestamp']);

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

const RELATIVE = new Intl.RelativeTimeFormat('en');
const ABSOLUTE = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });

/** Such as “in 59 minutes”. In whole units, cut: what has 119 minutes left does not have two hours. */
export function timeInWords(seconds: number, nowSeconds: number): string {
  const difference = Math.trunc(seconds - nowSeconds);
  if (difference === 0) {
    return 'just now';
  }
  const [unit, length] = UNITS.find(([, each]) => Math.abs(difference) >= each) ?? ['second', 1];
  return RELATIVE.format(Math.trunc(difference / length), unit);
}

/** A claim as a person reads it. */
export interface Row {
  /** What is within objects has a path, such as `google.compute_engine.zone`. */
  readonly name: string;
  readonly value: string;
  /** What the value means, where it is a time. */
  readonly words?: string;
}

export function rowsOf(object: Readonly<Record<string, unknown>>, nowSeconds: number, path = ''): Row[] {
  // In the order of the alphabet, as Google writes them.
  const entries = Object.entries(object).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return entries.flatMap(([key, value]) => {
    const name = `${path}${key}`;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return rowsOf(value as Record<string, unknown>, nowSeconds, `${name}.`);
    }
    const row = { name, value: typeof value === 'string' ? value : JSON.stringify(value) };
    return typeof value === 'number' && TIMES.has(name)
      ? { ...row, words: `${ABSOLUTE.format(value * 1000)}, ${timeInWords(value, nowSeconds)}` }
      : row;
  });
}
