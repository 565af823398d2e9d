// A service on Express that works off a Cloud Tasks queue.
//
// gcloud tasks create-http-task --queue=mail --url=https://api.example.com/tasks/mail \
//   --oidc-service-account-email=tasks@my-project.iam.gserviceaccount.com \
//   --oidc-token-audience=https://api.example.com
import { type GoogleIdTokenVerifierOptions, requireGoogleIdToken, serviceAccount } from '@id-token-guard/express';
import { readCloudTask } from '@id-token-guard/senders';
import express, { type Express } from 'express';

/** `options` is for tests, which bring keys of their own. */
export function createApp(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}): Express {
  const app = express();
  app.use(
    requireGoogleIdToken({
      audience: 'https://api.example.com',
      callers: serviceAccount('tasks@my-project.iam.gserviceaccount.com'),
      ...options,
    }),
  );
  app.post('/tasks/mail', express.json(), (req, res) => {
    const task = readCloudTask(req.headersDistinct);
    console.log(`Task ${task.taskName} of ${task.queueName}, attempt ${task.retryCount + 1}: mail to ${req.body.to}`);
    res.status(204).end(); // Any 2xx: done. Any other status: Cloud Tasks tries again.
  });
  return app;
}

if (import.meta.main) {
  createApp().listen(3000, () => console.log('Listening on http://localhost:3000'));
}
