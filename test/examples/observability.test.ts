import { createGoogleIdTokenVerifier, serviceAccount } from '@id-token-guard/core';
import { createFakeGoogle } from '@id-token-guard/testing';
import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import { logEvents } from '../../examples/logging.ts';
import { countEvents } from '../../examples/metrics.ts';

const google = await createFakeGoogle();
const audience = 'https://api.example.com';
const callers = serviceAccount('sender@my-project.iam.gserviceaccount.com');
const good = { aud: audience, email: 'sender@my-project.iam.gserviceaccount.com', email_verified: true };

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
metrics.setGlobalMeterProvider(provider);
afterAll(() => provider.shutdown());

test('the metrics example counts accepted and refused tokens and refreshes', async () => {
  const verifier = createGoogleIdTokenVerifier({ audience, callers, keys: google.keySet(), onEvent: countEvents() });
  const token = await google.idToken(good);

  await verifier.verify(token);
  await verifier.verify(token);
  await expect(verifier.verify(await google.idToken({ ...good, aud: 'https://other.example.com' }))).rejects.toThrow();

  await provider.forceFlush();
  const counted = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap((scope) => scope.metrics)
    .flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => ({ name: descriptor.name, attributes, value })),
    );
  expect(counted).toStrictEqual([
    { name: 'id_token_guard.tokens', attributes: { result: 'accepted', from_cache: false }, value: 1 },
    { name: 'id_token_guard.tokens', attributes: { result: 'accepted', from_cache: true }, value: 1 },
    { name: 'id_token_guard.tokens', attributes: { result: 'audience_mismatch' }, value: 1 },
    { name: 'id_token_guard.key_refreshes', attributes: { result: 'refreshed', source: 'google' }, value: 1 },
  ]);
});

test('the logging example logs the hint of a refusal and never the token', async () => {
  const lines: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const verifier = createGoogleIdTokenVerifier({
    audience,
    callers,
    keys: google.keySet(),
    onEvent: logEvents(logger),
  });
  const token = await google.idToken({ ...good, aud: 'https://api.example.com/' });

  await expect(verifier.verify(token)).rejects.toThrow();

  const logged = lines.map((line) => JSON.parse(line));
  expect(logged).toMatchObject([
    { level: 30, source: 'google', msg: "Google's keys refreshed" },
    { level: 40, code: 'audience_mismatch', hint: expect.stringContaining('trailing slash'), msg: 'ID token refused' },
  ]);
  for (const segment of token.split('.')) {
    expect(lines.join()).not.toContain(segment);
  }
});
