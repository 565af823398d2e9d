import { MAX_SKEW_SECONDS } from './snapshot.ts';

/** Whatever has headers. */
type Headers = { get(name: string): string | null };

/** How far two answers of a server whose clock runs may seem apart, by the time that an exchange may take. */
const TOLERANCE_SECONDS = 5;

/** Tells how old answers are, one after the other. */
export interface AgeGauge {
  /** In whole seconds, at the time of the request. Milliseconds since the epoch. */
  ageSeconds(headers: Headers, now: number): number;
}

/**
 * The age of an answer is what `Age` says, and what has passed by our clock since the answer left with this `Age`. The
 * latter finds copies that are kept by somebody who does not say so, as the fetch caches of frameworks.
 *
 * A copy looks the same as a new answer where our clock is ahead; up to a minute is none of its age. The next answer
 * tells the two apart: `Date` and `Age` of a server have gone on as our clock has, and those of a copy stand still. A
 * clock that is ahead is then no more held against an answer.
 *
 * @see RFC 9111 §4.2.3 (age), counted from the request, so that the time that the answer took is part of it
 */
export function createAgeGauge(): AgeGauge {
  let last: { readonly sentAt: number; readonly agoSeconds: number } | undefined;
  return {
    ageSeconds(headers, now) {
      const age = ageHeader(headers.get('age'));
      const sentAt = httpDate(headers.get('date')) + age * 1000;
      const agoSeconds = Math.floor((now - sentAt) / 1000);
      const runs =
        last !== undefined && sentAt > last.sentAt && Math.abs(agoSeconds - last.agoSeconds) <= TOLERANCE_SECONDS;
      last = { sentAt, agoSeconds };
      // Written so that NaN, of no `Date` or a broken clock, adds nothing.
      return !runs && agoSeconds > MAX_SKEW_SECONDS ? age + agoSeconds : age;
    },
  };
}

/** RFC 9111 §5.1: of several values the first one counts; one that makes no sense is ignored. */
function ageHeader(value: string | null): number {
  return Number(/^(\d+)\s*(,|$)/.exec(`${value}`)?.[1] ?? 0);
}

/** RFC 9110 §5.6.7, the one form that may be generated. Milliseconds since the epoch; NaN for all else. */
function httpDate(value: string | null): number {
  const date = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.exec(`${value}`);
  return Date.parse(`${date?.[0]}`);
}
