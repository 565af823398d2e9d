// A Cloudflare Worker on Hono that receives Pub/Sub pushes, and shares Google's keys with all its isolates through KV.
//
// wrangler.toml: compatibility_date = "2025-09-01", kv_namespaces = [{ binding = "KEYS", id = "…" }]
import { cloudflareKvStore, type KvNamespaceLike } from '@id-token-guard/core/stores';
import { createGoogleKeySet, requireGoogleIdToken, serviceAccount, urlsUnder } from '@id-token-guard/hono';
import { isSenderError, readPubSubPush } from '@id-token-guard/senders';
import { type ExecutionContext, Hono } from 'hono';

interface Env {
  readonly KEYS: KvNamespaceLike;
  /** On your machine only: the keys of a local Google. */
  readonly GOOGLE_KEYS_URL?: string;
}

function createApp(env: Env) {
  return new Hono()
    .use(
      requireGoogleIdToken({
        audience: urlsUnder('https://edge.example.com/push'),
        callers: serviceAccount('pubsub-push@my-project.iam.gserviceaccount.com'),
        keys: createGoogleKeySet({ url: env.GOOGLE_KEYS_URL, store: cloudflareKvStore(env.KEYS) }),
      }),
    )
    .post('/push', async (c) => {
      const message = await readPubSubPush(c.req.raw);
      console.log(`Message ${message.id} of ${message.subscription}`);
      return c.body(null, 204); // Acknowledged.
    })
    .onError((error) => {
      // Not acknowledged: Pub/Sub delivers the message again.
      return isSenderError(error)
        ? Response.json({ code: error.code }, { status: error.status })
        : Response.json({ code: 'internal' }, { status: 500 });
    });
}

// One app for the life of the isolate: its guard remembers keys and verified tokens.
let app: ReturnType<typeof createApp> | undefined;

export default {
  fetch(request: Request, env: Env, context: ExecutionContext) {
    app ??= createApp(env);
    return app.fetch(request, env, context);
  },
};
