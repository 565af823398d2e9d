// A test file of node:test, with a suite per app. Most fail: test-guard.test.ts runs it and reads which tests do.
import { describe, it } from 'node:test';
import { testGuard } from '@id-token-guard/testing';
import { apps, audience, claims, google } from './test-guard-apps.ts';

for (const [name, app] of Object.entries(apps)) {
  const send = (headers: Readonly<Record<string, string>>) => app(new Request('https://api.example.com/', { headers }));
  testGuard(name, send, { google, audience, claims, describe, test: it });
}
