import type { GoogleIdTokenErrorCode, GuardEvent, KeySet } from '@id-token-guard/core';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Counts what happens, for Prometheus. */
export interface Metrics {
  count(event: GuardEvent): void;
  readonly upstreamFailures: { inc(): void };
  reloaded(succeeded: boolean): void;
  /** Prometheus text format, with its content type. */
  text(): Promise<{ readonly type: string; readonly text: string }>;
}

/** Every code is there from the start, so that the first refusal of a kind is seen as a change. */
const CODES = Object.keys({
  token_missing: true,
  request_invalid: true,
  token_malformed: true,
  algorithm_unsupported: true,
  key_unknown: true,
  signature_removed: true,
  signature_invalid: true,
  claim_invalid: true,
  issuer_mismatch: true,
  audience_mismatch: true,
  token_expired: true,
  token_not_yet_valid: true,
  caller_not_allowed: true,
  keys_unavailable: true,
} satisfies Record<GoogleIdTokenErrorCode, true>);

/** @param keys the key set as it is now: a reload may bring another */
export function createMetrics(keys: () => KeySet): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const accepted = new Counter({
    name: 'id_token_guard_accepted_total',
    help: 'Requests let in, by whether their token had been verified before.',
    labelNames: ['remembered'],
    registers,
  });
  const refused = new Counter({
    name: 'id_token_guard_refused_total',
    help: 'Requests refused, by code.',
    labelNames: ['code'],
    registers,
  });
  const refreshes = new Counter({
    name: 'id_token_guard_key_refreshes_total',
    help: 'Attempts to get newer keys: from Google, from the store, or failed.',
    labelNames: ['result'],
    registers,
  });
  const staleUses = new Counter({
    name: 'id_token_guard_stale_key_uses_total',
    help: 'Tokens verified with keys past their freshness, because no refresh has succeeded since.',
    registers,
  });
  const storeFailures = new Counter({
    name: 'id_token_guard_key_store_failures_total',
    help: 'Failures of the store that keys are shared through.',
    registers,
  });
  const reloads = new Counter({
    name: 'id_token_guard_reloads_total',
    help: 'Reloads of the configuration.',
    labelNames: ['result'],
    registers,
  });
  const upstreamFailures = new Counter({
    name: 'id_token_guard_upstream_failures_total',
    help: 'Requests let in that the app behind the guard did not answer.',
    registers,
  });
  keyGauge('id_token_guard_keys_usable', 'Whether tokens can be verified: 1 or 0.', (key) => Number(key.usable));
  keyGauge('id_token_guard_keys', 'How many keys are at hand.', (key) => key.keyIds.length);
  keyGauge('id_token_guard_keys_age_seconds', 'Since the keys were fetched.', (key) => key.ageSeconds);
  keyGauge('id_token_guard_keys_fresh_for_seconds', 'Until the keys are stale; negative since then.', (key) => {
    return key.freshForSeconds;
  });

  for (const code of CODES) {
    refused.inc({ code }, 0);
  }
  for (const result of ['google', 'store', 'failed']) {
    refreshes.inc({ result }, 0);
  }
  for (const result of ['succeeded', 'failed']) {
    reloads.inc({ result }, 0);
  }
  // Labels are looked up once: these two are counted with every request.
  const remembered = accepted.labels('yes');
  const fresh = accepted.labels('no');

  return {
    count,
    upstreamFailures,
    reloaded: (succeeded) => reloads.inc({ result: succeeded ? 'succeeded' : 'failed' }),
    text: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };

  function keyGauge(name: string, help: string, value: (status: ReturnType<KeySet['status']>) => number | undefined) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value(keys().status()) ?? Number.NaN);
      },
    });
  }

  function count(event: GuardEvent): void {
    switch (event.type) {
      case 'token_accepted':
        (event.fromCache ? remembered : fresh).inc();
        break;
      case 'token_refused':
        refused.inc({ code: event.code });
        break;
      case 'keys_refreshed':
        refreshes.inc({ result: event.source });
        break;
      case 'keys_refresh_failed':
        refreshes.inc({ result: 'failed' });
        break;
      case 'keys_stale_used':
        staleUses.inc();
        break;
      case 'keys_store_failed':
        storeFailures.inc();
    }
  }
}
