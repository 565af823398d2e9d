/*
 * Says which answers the documents allow, from what Google did and which keys it gave to a service: never from what the
 * service says of itself.
 *
 * A good request is refused in these windows only, and docs/keys.md names each:
 *
 * - 503, while Google's keys cannot be had and until the first attempt after that: where the service has no keys yet,
 *   where they are too old, or where it was never given the key of this token.
 * - 503, for 15 s from when a key is published without notice: for callers that have not been accepted before, since
 *   strangers cannot spend the last fetch that a flood of invented key ids left.
 * - 401 `key_unknown`, where Google withdrew the key while the request was under way.
 *
 * 401 `key_unknown` is said only where Google was asked a short while ago, or where no key would help. A bad request with
 * an unknown key id gets 503 where its fetch was not within the ration.
 */
import type { GoogleKey } from './google.ts';
import type { KeyAnswer, Outage } from './key-server.ts';
import { KINDS, type Kind, type Outcome } from './kinds.ts';
import { LOOKED_FOR, SLACK, UNTIL_RECOVERED, UNTIL_REFRESHED, UNTIL_STRANGERS_PASS, USABLE } from './promises.ts';

/** A request that has been answered. */
export interface Answered {
  readonly kind: Kind;
  /** The key of Google's that the token names; `undefined`: it names none. */
  readonly key?: GoogleKey | undefined;
  readonly sentAt: number;
  readonly answeredAt: number;
  /** The service had accepted a token of this caller before, since it started. */
  readonly familiar: boolean;
}

/** What is known of Google and of a service since it started. */
export interface Evidence {
  /** The oldest first. Keys that the service started with are an answer too. */
  readonly answers: readonly KeyAnswer[];
  readonly outages: readonly Outage[];
}

/** The answers that the documents allow. */
export function allowedOutcomes(request: Answered, { answers, outages }: Evidence): ReadonlySet<Outcome> {
  const { expected, needs } = KINDS[request.kind];
  if (needs === 'nothing') {
    return new Set([expected]);
  }
  const { has, mayHave, knows, mayKnow } = knowledge(request, answers);
  const failing = touches(outages, request.sentAt, request.answeredAt);
  const lacks = needs === 'keys' ? !has : !knows;
  const outcomes = new Set<Outcome>();
  if (mayKnow && !isLongWithdrawn(request, outages)) {
    outcomes.add(expected);
  }
  const isRationed = needs === 'fetch' && (isUnpublished(request) || isStrangerTooEarly(request));
  if (lacks && (failing || isRationed)) {
    outcomes.add('keys_unavailable');
  }
  if (mayHave && !knows && (needs === 'keys' || (isUnpublished(request) && hasLooked(request, answers)))) {
    outcomes.add('key_unknown');
  }
  return outcomes;
}

interface Knowledge {
  /** The service certainly had usable keys all the time, or may have had some. */
  readonly has: boolean;
  readonly mayHave: boolean;
  /** The service certainly had the token's key all the time, or may have had it. */
  readonly knows: boolean;
  readonly mayKnow: boolean;
}

/** What an answer brought is certain a little later only; whether it still counts, a little earlier. */
function knowledge({ key, sentAt, answeredAt }: Answered, answers: readonly KeyAnswer[]): Knowledge {
  const certain = answers.findLast(({ at }) => at <= sentAt - SLACK);
  const inQuestion = answers.filter((answer) => answer === certain || isBetween(answer.at, sentAt, answeredAt));
  const usable = inQuestion.filter(({ at }) => at + USABLE >= sentAt - SLACK);
  const has = certain !== undefined && certain.at + USABLE > answeredAt + SLACK;
  const names = ({ kids }: KeyAnswer) => key !== undefined && kids.has(key.kid);
  return { has, mayHave: usable.length > 0, knows: has && usable.every(names), mayKnow: usable.some(names) };
}

function isBetween(at: number, from: number, to: number): boolean {
  return at > from - SLACK && at <= to + SLACK;
}

function touches(outages: readonly Outage[], from: number, to: number): boolean {
  return outages.some((outage) => outage.from <= to && outage.to + UNTIL_RECOVERED >= from);
}

function isUnpublished({ key, answeredAt }: Answered): boolean {
  return key === undefined || (key.withdrawnAt ?? Number.POSITIVE_INFINITY) <= answeredAt;
}

function hasLooked({ sentAt, answeredAt }: Answered, answers: readonly KeyAnswer[]): boolean {
  return answers.some(({ at }) => isBetween(at, sentAt - LOOKED_FOR, answeredAt));
}

function isStrangerTooEarly({ key, sentAt, familiar }: Answered): boolean {
  return !familiar && key !== undefined && sentAt <= key.publishedAt + UNTIL_STRANGERS_PASS;
}

/** "A withdrawn key stops working with the next refresh", which is due when the keys are no longer fresh. */
function isLongWithdrawn({ key, sentAt }: Answered, outages: readonly Outage[]): boolean {
  const withdrawnAt = key?.withdrawnAt ?? Number.POSITIVE_INFINITY;
  return withdrawnAt + UNTIL_REFRESHED < sentAt && !touches(outages, withdrawnAt, sentAt);
}
