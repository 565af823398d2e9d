// An edge function that receives Pub/Sub pushes: for Cloudflare Workers, Deno, Bun, Vercel and others.
//
// gcloud pubsub subscriptions create orders-push --topic=orders \
//   --push-endpoint=https://edge.example.com/push \
//   --push-auth-service-account=pubsub-push@my-project.iam.gserviceaccount.com
import { type GoogleIdTokenVerifierOptions, serviceAccount, urlsUnder } from '@id-token-guard/core';
import { requireGoogleIdToken } from '@id-token-guard/fetch';

/** `options` is for tests, which bring keys of their own. */
export function createHandler(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}) {
  const guard = requireGoogleIdToken({
    // Unless told otherwise, Pub/Sub takes the whole push endpoint for the audience.
    audience: urlsUnder('https://edge.example.com/push'),
    callers: serviceAccount('pubsub-push@my-project.iam.gserviceaccount.com'),
    ...options,
  });

  return guard(async (request, { caller }, ..._runtime: unknown[]) => {
    const { message } = (await request.json()) as { message: { messageId: string; data?: string } };
    console.log(`Message ${message.messageId} from ${caller.kind}: ${atob(message.data ?? '')}`);
    return new Response(null, { status: 204 }); // Pub/Sub takes 204 for an acknowledgement.
  });
}

export default { fetch: createHandler() };
