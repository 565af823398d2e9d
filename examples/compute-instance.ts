// Bootstrap of a virtual machine: a new instance proves who it is, once, and gets its first secret.
//
// On the instance:
// curl -H 'Metadata-Flavor: Google' 'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/identity?audience=https://bootstrap.example.com&format=full'
import { randomUUID } from 'node:crypto';
import {
  allOf,
  computeInstance,
  type GoogleIdTokenVerifierOptions,
  googleIdToken,
  requireGoogleIdToken,
  serviceAccount,
} from '@id-token-guard/express';
import express, { type Express } from 'express';

/** `options` is for tests, which bring keys of their own. */
export function createApp(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}): Express {
  // An instance id is never reused, so each gets one secret ever. A real service keeps this in its database.
  const bootstrapped = new Set<string>();
  const app = express();
  app.use(
    requireGoogleIdToken({
      audience: 'https://bootstrap.example.com',
      callers: allOf(
        serviceAccount('worker@my-project.iam.gserviceaccount.com'),
        computeInstance({ projectId: 'my-project', zone: 'us-central1-a' }),
      ),
      ...options,
    }),
  );
  app.post('/secret', (req, res) => {
    const instanceId = googleIdToken(req).claims.google?.compute_engine?.instance_id ?? '';
    if (instanceId === '' || bootstrapped.has(instanceId)) {
      res.status(409).json({ error: 'This instance has its secret already.' });
      return;
    }
    bootstrapped.add(instanceId);
    res.json({ secret: randomUUID() });
  });
  return app;
}

if (import.meta.main) {
  createApp().listen(3000, () => console.log('Listening on http://localhost:3000'));
}
