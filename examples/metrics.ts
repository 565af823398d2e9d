// What happens in a guard as OpenTelemetry metrics: how many tokens, why refused, how the keys are.
import type { GuardEvent } from '@id-token-guard/core';
import { metrics } from '@opentelemetry/api';
import { createApp } from './express.ts';

/** Makes a listener for `onEvent`. Codes and sources are few, so they are safe as attributes. */
export function countEvents(): (event: GuardEvent) => void {
  const meter = metrics.getMeter('id-token-guard');
  const tokens = meter.createCounter('id_token_guard.tokens');
  const refreshes = meter.createCounter('id_token_guard.key_refreshes');
  const staleUses = meter.createCounter('id_token_guard.stale_key_uses');
  const storeFailures = meter.createCounter('id_token_guard.store_failures');

  return (event) => {
    switch (event.type) {
      case 'token_accepted':
        return tokens.add(1, { result: 'accepted', from_cache: event.fromCache });
      case 'token_absent': // Where the guard is optional.
        return tokens.add(1, { result: 'absent' });
      case 'token_refused':
        return tokens.add(1, { result: event.code });
      case 'keys_refreshed':
        return refreshes.add(1, { result: 'refreshed', source: event.source });
      case 'keys_refresh_failed':
        return refreshes.add(1, { result: 'failed' });
      case 'keys_stale_used':
        return staleUses.add(1);
      case 'keys_store_failed':
        return storeFailures.add(1, { operation: event.operation });
    }
  };
}

if (import.meta.main) {
  // Set the OpenTelemetry SDK up before, as for any service; without it the counters count nothing.
  createApp({ onEvent: countEvents() }).listen(3000, () => console.log('Listening on http://localhost:3000'));
}
