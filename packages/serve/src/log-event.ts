import type { GuardEvent } from '@id-token-guard/core';
import type { Logger } from 'pino';

/** Logs what an operator wants to read. Who was let in is for the access log of the server in front. */
export function logEvent(logger: Logger, event: GuardEvent): void {
  switch (event.type) {
    case 'token_accepted':
    case 'token_absent':
      break;
    case 'token_refused': {
      const { code, claim, hint, kid } = event;
      logger.warn({ code, claim, hint, kid }, 'refused');
      break;
    }
    case 'keys_refreshed': {
      const { source, keyIds, freshForSeconds } = event;
      logger.info({ source, keyIds, freshForSeconds: Math.round(freshForSeconds) }, 'keys refreshed');
      break;
    }
    case 'keys_refresh_failed':
      logger.error(
        { error: messageOf(event.error), nextAttemptInSeconds: Math.round(event.nextAttemptInSeconds) },
        'keys could not be refreshed',
      );
      break;
    case 'keys_stale_used': {
      const { kid, staleForSeconds, usableForSeconds } = event;
      logger.debug({ kid, staleForSeconds, usableForSeconds }, 'stale key used');
      break;
    }
    case 'keys_store_failed':
      logger.warn({ operation: event.operation, error: messageOf(event.error) }, 'key store failed');
  }
}

/** What went wrong, with the code of what is underneath, as ECONNREFUSED. */
export function messageOf(error: Error & { code?: unknown }): string {
  const code = error.code ?? (error.cause as { code?: unknown } | undefined)?.code;
  const message = error.message || error.name;
  return typeof code === 'string' && !message.includes(code) ? `${message} (${code})` : message;
}
