// A service on Koa that Cloud Scheduler calls every night.
//
// gcloud scheduler jobs create http nightly --schedule='0 3 * * *' --uri=https://api.example.com/nightly \
//   --oidc-service-account-email=scheduler@my-project.iam.gserviceaccount.com
import { type GoogleIdTokenVerifierOptions, requireGoogleIdToken, serviceAccount } from '@id-token-guard/koa';
import { readCloudScheduler } from '@id-token-guard/senders';
import Koa from 'koa';

/** `options` is for tests, which bring keys of their own. */
export function createApp(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}): Koa {
  const done = new Set<number>();
  const app = new Koa();
  app
    .use(
      requireGoogleIdToken({
        // Unless told otherwise, Cloud Scheduler takes the target URI for the audience.
        audience: 'https://api.example.com/nightly',
        callers: serviceAccount('scheduler@my-project.iam.gserviceaccount.com'),
        ...options,
      }),
    )
    .use((ctx) => {
      const { jobName, scheduleTime } = readCloudScheduler(ctx.req.headersDistinct);
      const time = scheduleTime?.getTime() ?? 0;
      // A run may come twice; its scheduled time tells it from others. A real service keeps this in its database.
      ctx.body = { job: jobName, ran: !done.has(time) };
      done.add(time);
    });
  return app;
}

if (import.meta.main) {
  createApp().listen(3000, () => console.log('Listening on http://localhost:3000'));
}
