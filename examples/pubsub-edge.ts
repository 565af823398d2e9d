// An edge function that receives Pub/Sub pushes: for Cloudflare Workers, Deno, Bun, Vercel and others.
//
// gcloud pubsub subscriptions create orders-push --topic=orders \
//   --push-endpoint=https://edge.example.com/push \
//   --push-auth-service-account=pubsub-push@my-project.iam.gserviceaccount.com
import {
  type GoogleIdTokenVerifierOptions,
  requireGoogleIdToken,
  serviceAccount,
  urlsUnder,
} from '@id-token-guard/fetch';
import { isSenderError, readPubSubPush } from '@id-token-guard/senders';

/** `options` is for tests, which bring keys of their own. */
export function createHandler(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}) {
  const guard = requireGoogleIdToken({
    // Unless told otherwise, Pub/Sub takes the whole push endpoint for the audience.
    audience: urlsUnder('https://edge.example.com/push'),
    callers: serviceAccount('pubsub-push@my-project.iam.gserviceaccount.com'),
    ...options,
  });

  // `_runtime` is what the runtime passes besides the request: on Workers the guard finds `ctx.waitUntil` in it.
  return guard(async (request, { caller }, ..._runtime: unknown[]) => {
    try {
      const message = await readPubSubPush(request);
      console.log(`Message ${message.id} from ${caller.kind}: ${message.data.text()}`);
      return new Response(null, { status: 204 }); // Acknowledged.
    } catch (error) {
      if (!isSenderError(error)) {
        throw error;
      }
      return Response.json({ code: error.code }, { status: error.status }); // Not acknowledged: it comes again.
    }
  });
}

export default { fetch: createHandler() };
