const MIN_SECONDS = 60;
const MAX_SECONDS = 24 * 60 * 60;
/** Where Google says nothing that makes sense. */
const DEFAULT_SECONDS = 5 * 60;

/**
 * How long an answer is fresh: `max-age` minus `Age`, between one minute and one day.
 *
 * `no-store` and `no-cache` count as `max-age=0`: the keys are asked for again after the minimum.
 *
 * @see RFC 9111 §4.2.1 (freshness lifetime), §4.2.3 (age), §5.2 (directives; a quoted argument is allowed)
 */
export function freshnessSeconds(headers: { get(name: string): string | null }): number {
  const maxAge = maxAgeSeconds(headers.get('cache-control') ?? '');
  if (maxAge === undefined) {
    return DEFAULT_SECONDS;
  }
  const lifetime = maxAge - ageSeconds(headers.get('age') ?? '');
  return Math.min(MAX_SECONDS, Math.max(MIN_SECONDS, lifetime));
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

// RFC 9111 §5.1: of several values the first one counts; one that makes no sense is ignored.
function ageSeconds(age: string): number {
  const first = age.split(',', 1)[0]?.trim() ?? '';
  return /^\d+$/.test(first) ? Number(first) : 0;
}
