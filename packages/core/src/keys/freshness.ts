const MIN_SECONDS = 60;
const MAX_SECONDS = 24 * 60 * 60;
/** Where Google says nothing that makes sense. */
const DEFAULT_SECONDS = 5 * 60;

/**
 * How long an answer is fresh: `max-age` minus its age, between one minute and one day.
 *
 * `no-store` and `no-cache` count as `max-age=0`: the keys are asked for again after the minimum.
 *
 * @returns `undefined` where its time is over: it is older than it says that it holds, and older than the minimum
 * @see RFC 9111 §4.2.1 (freshness lifetime), §5.2 (directives; a quoted argument is allowed)
 */
export function freshnessSeconds(
  headers: { get(name: string): string | null },
  ageSeconds: number,
): number | undefined {
  const maxAge = maxAgeSeconds(headers.get('cache-control') ?? '');
  if (ageSeconds > Math.max(MIN_SECONDS, maxAge ?? DEFAULT_SECONDS)) {
    return undefined;
  }
  return maxAge === undefined ? DEFAULT_SECONDS : Math.min(MAX_SECONDS, Math.max(MIN_SECONDS, maxAge - ageSeconds));
}

function maxAgeSeconds(cacheControl: string): number | undefined {
  const directives = cacheControl
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim());
  if (directives.includes('no-store') || directives.includes('no-cache')) {
    return 0;
  }
  const first = directives.find((directive) => directive.startsWith('max-age='));
  const digits = /^max-age="?(\d+)"?$/.exec(first ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
