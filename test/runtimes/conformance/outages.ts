import { type Check, expectEqual, outcome } from './check.ts';
import { FRESH_SECONDS, type Kit } from './kit.ts';

const DAY_SECONDS = 86_400;
/** Longer than the first back-off of a key set. */
const BACKOFF_SECONDS = 2;

async function goesOnWithStaleKeys({ google, letPass, startService }: Kit): Promise<void> {
  const service = startService();
  await service.verify(await service.token());
  letPass(FRESH_SECONDS + 1);
  google.answerWith('outage');
  expectEqual(await outcome(service.verify(await service.token())), 'accepted');
  expectEqual(service.events.slice(-3), ['keys_refresh_failed', 'keys_stale_used', 'token_accepted']);
}

async function givesUpKeysThatAreTooOld({ google, letPass, startService }: Kit): Promise<void> {
  const service = startService();
  await service.verify(await service.token());
  letPass(FRESH_SECONDS + DAY_SECONDS + 1);
  google.answerWith('outage');
  expectEqual(await outcome(service.verify(await service.token())), 'keys_unavailable');
}

async function recoversFromAColdOutage({ google, letPass, startService }: Kit): Promise<void> {
  const service = startService();
  const token = await service.token();
  for (const answer of ['outage', 'html', 'empty'] as const) {
    google.answerWith(answer);
    expectEqual(await outcome(service.verify(token)), 'keys_unavailable');
    letPass(5 * BACKOFF_SECONDS);
  }
  google.answerWith('ok');
  expectEqual(await outcome(service.verify(token)), 'accepted');
}

export const outageChecks: readonly Check[] = [
  { name: 'goes on with stale keys while Google cannot be reached, and tells so', run: goesOnWithStaleKeys },
  { name: 'gives up keys that have been stale for a day', run: givesUpKeysThatAreTooOld },
  { name: 'answers that keys are unavailable after a cold start, and recovers', run: recoversFromAColdOutage },
];
