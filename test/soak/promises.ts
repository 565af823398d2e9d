/*
 * What the documents promise, in milliseconds on the clock of the soak. docs/keys.md, "What it does", has the sentences.
 */
import { SPEED } from './clock.ts';

/** The key set's options in this soak: short enough that keys grow stale, and too old, while it runs. */
export const KEY_SET = { timeoutSeconds: 2, maxStaleSeconds: 600 } as const;

/** `max-age` of Google's answers here. The key set holds no answer for less than a minute. */
export const MAX_AGE_SECONDS = 120;

/** A verifier lets tokens live 30 s longer. */
export const TOLERANCE = 30_000;

/** A request, an answer or a message may take so long on a busy machine: a second on the wall. */
export const SLACK: number = 1000 * SPEED;

/** Until a key set does without a key that Google withdrew, as long as Google can be reached. */
export const UNTIL_REFRESHED: number = MAX_AGE_SECONDS * 1000 + SLACK;

/** "Good keys work for … past their freshness (`maxStaleSeconds`)": from the answer on. */
export const USABLE: number = (MAX_AGE_SECONDS + KEY_SET.maxStaleSeconds) * 1000;

/** An exchange that began before Google recovered may hang to its end; then "up to a minute" until the next attempt. */
export const UNTIL_RECOVERED: number = KEY_SET.timeoutSeconds * 1000 * SPEED + 60_000 + SLACK;

/** After a flood of invented key ids, callers that never called before are accepted "15 s later at the latest". */
export const UNTIL_STRANGERS_PASS: number = 15_000 + SLACK;

/** "`key_unknown` is said only …": for so long, a look for a key id counts for whoever never called before. */
export const LOOKED_FOR = 15_000;
