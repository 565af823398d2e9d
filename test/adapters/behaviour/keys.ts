import { describe, expect, test } from 'vitest';
import { google, guardOptions, idToken } from '../support/fixtures.ts';
import { expectRefused } from '../support/refusal-table.ts';
import { type Adapter, startService } from '../support/service.ts';

export function describeKeys<OnRefused>(adapter: Adapter<OnRefused>): void {
  describe("while Google's keys cannot be had", () => {
    test.each(['outage', 'html', 'empty', 'hang'] as const)('(%s) a cold service asks to try later', async (jwks) => {
      const keys = google.keySet({ timeoutSeconds: 0.05 });
      const service = await startService(adapter, { ...guardOptions(), keys });
      google.answerWith(jwks);

      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expectRefused(service, answer, 'keys_unavailable');
    });

    test('a cold service accepts good tokens as soon as they can be had again', async () => {
      let now = Date.now();
      const keys = google.keySet({ now: () => now });
      const service = await startService(adapter, { ...guardOptions(), keys });
      google.answerWith('outage');
      const { headers } = await service.get(`Authorization: Bearer ${await idToken()}`);
      google.answerWith('ok');

      now += Number(headers['retry-after']) * 1000;
      const answer = await service.get(`Authorization: Bearer ${await idToken()}`);

      expect(answer.status).toBe(200);
      expect(service.handled).toHaveLength(1);
    });

    test.each(['outage', 'html', 'empty', 'hang'] as const)('(%s) a warm service goes on', async (jwks) => {
      const keys = google.keySet({ timeoutSeconds: 0.05 });
      const service = await startService(adapter, { ...guardOptions(), keys });
      await service.get(`Authorization: Bearer ${await idToken()}`);
      google.answerWith(jwks);

      const answer = await service.get(`Authorization: Bearer ${await idToken({ nonce: 'not seen before' })}`);

      expect(answer.status).toBe(200);
      expect(service.handled).toHaveLength(2);
    });
  });
}
