// What happens in a guard as log lines: the operator's hint for each refusal, and every trouble with the keys.
import type { GuardEvent } from '@id-token-guard/core';
import { type Logger, pino } from 'pino';
import { createApp } from './express.ts';

/** Makes a listener for `onEvent`. Events never carry a token. */
export function logEvents(logger: Logger): (event: GuardEvent) => void {
  return (event) => {
    switch (event.type) {
      case 'token_accepted':
        return logger.debug({ caller: event.caller, kid: event.kid }, 'ID token accepted');
      case 'token_absent': // Where the guard is optional.
        return logger.debug('Request without an ID token');
      case 'token_refused':
        return logger.warn({ code: event.code, kid: event.kid, hint: event.hint }, 'ID token refused');
      case 'keys_refreshed':
        return logger.info({ source: event.source, keyIds: event.keyIds }, "Google's keys refreshed");
      case 'keys_refresh_failed':
        return logger.error(
          { err: event.error, nextAttemptInSeconds: event.nextAttemptInSeconds },
          "Google's keys not refreshed",
        );
      case 'keys_stale_used':
        return logger.warn({ kid: event.kid, usableForSeconds: event.usableForSeconds }, "Google's keys are stale");
      case 'keys_store_failed':
        return logger.error({ err: event.error, operation: event.operation, gave: event.gave }, 'Key set store failed');
    }
  };
}

if (import.meta.main) {
  createApp({ onEvent: logEvents(pino()) }).listen(3000, () => console.log('Listening on http://localhost:3000'));
}
