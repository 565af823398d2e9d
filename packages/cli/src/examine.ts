import { createGoogleKeySet } from '@id-token-guard/core';
import { adviceFor } from './advice.ts';
import { usage } from './usage.ts';

/** What a guard tolerates by default. */
const MAX_SKEW_SECONDS = 30;

/** What `doctor` has seen. */
export interface Examination {
  readonly url: string;
  /** Usable keys came. */
  readonly reachable: boolean;
  /** Until the answer began. */
  readonly latencyMs?: number;
  readonly keyIds: readonly string[];
  readonly freshForSeconds?: number;
  /** The clock of this machine less that of the server: positive if this one is ahead. */
  readonly clockSkewSeconds?: number;
  /** What is wrong, with the fix; none if all is well. */
  readonly problems: readonly string[];
}

/** Fetches the keys once, with the code of the guard and its limits of time and size. */
export async function examine(url: string): Promise<Examination> {
  let latencyMs: number | undefined;
  let clockSkewSeconds: number | undefined;
  const keys = await usage('--url', () => createGoogleKeySet({ url, fetch: observedFetch }));
  const error = await keys.preload().then(
    () => undefined,
    (failure: Error) => (failure.cause ?? failure) as Error,
  );
  const { keyIds, freshForSeconds } = keys.status();
  return {
    url,
    reachable: error === undefined,
    ...(latencyMs === undefined ? {} : { latencyMs }),
    keyIds,
    ...(freshForSeconds === undefined ? {} : { freshForSeconds: Math.round(freshForSeconds) }),
    ...(clockSkewSeconds === undefined ? {} : { clockSkewSeconds }),
    problems: [...(error === undefined ? [] : [adviceFor(error, url)]), ...skewProblems(clockSkewSeconds)],
  };

  async function observedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const startedAt = performance.now();
    const response = await fetch(input, init);
    latencyMs = Math.round(performance.now() - startedAt);
    clockSkewSeconds = skewOf(response.headers);
    return response;
  }
}

/**
 * RFC 9110 §6.6.1: `Date` is when the answer was made; RFC 9111 §5.1: `Age` tells how long it has been in caches since.
 * Both have whole seconds, rounded down: half of one is added, so that the error is at most that.
 */
function skewOf(headers: Headers): number | undefined {
  const date = Date.parse(headers.get('date') ?? '');
  const age = /^\d{1,9}$/.test(headers.get('age') ?? '') ? Number(headers.get('age')) : 0;
  // Adding zero makes 0 of -0.
  return Number.isNaN(date) ? undefined : Math.round(Date.now() / 1000 - (date / 1000 + age + 0.5)) + 0;
}

function skewProblems(skew: number | undefined): string[] {
  if (skew === undefined || Math.abs(skew) <= MAX_SKEW_SECONDS) {
    return [];
  }
  const consequence =
    skew > 0 ? 'good tokens are refused as expired' : 'good tokens are refused as not yet valid, and expired ones pass';
  return [
    `The clock of this machine is ${Math.abs(skew)} s ${skew > 0 ? 'ahead' : 'behind'}, so ${consequence}: synchronise it (NTP).`,
  ];
}
