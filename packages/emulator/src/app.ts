import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { GOOGLE_JWKS_URL } from '@id-token-guard/core';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { rotateKeys, serviceAccountKey, setJwksAnswer, shiftTime } from './admin/admin.ts';
import { mintToken } from './admin/admin-tokens.ts';
import type { Emulator } from './emulator.ts';
import { discoveryDocument } from './google/discovery.ts';
import { generateIdToken } from './google/generate-id-token.ts';
import { exchangeAssertion } from './google/token-endpoint.ts';
import { tokenInfo } from './google/token-info.ts';
import { metadataRoot, metadataServer } from './metadata/metadata-server.ts';
import { pageFor, pageRoutes } from './page/page.ts';

const MAX_BODY_BYTES = 64 * 1024;

/** Everything that is served, but for `/forward/…`, which takes every method and streams. */
export function createApp(emulator: Emulator): Hono<{ Bindings: HttpBindings }> {
  const { google, url } = emulator;
  const app = new Hono<{ Bindings: HttpBindings }>();

  app.onError((_, c) => {
    // Such as an answer of a test's own that throws: for whoever asked, this Google cannot be reached.
    c.env.outgoing.destroy();
    return RESPONSE_ALREADY_SENT;
  });
  app.notFound(() => new Response('Not Found', { status: 404 }));

  app.use(async (c, next) => {
    await next();
    c.res.headers.set('date', new Date(google.now()).toUTCString());
    if (c.req.method === 'HEAD') {
      const { byteLength } = await c.res.clone().arrayBuffer();
      c.res.headers.set('content-length', String(byteLength));
    }
  });
  app.use(methodNotAllowed({ app }));
  app.use(
    bodyLimit({ maxSize: MAX_BODY_BYTES, onError: () => new Response('Request Entity Too Large', { status: 413 }) }),
  );
  app.use(async (c, next) => {
    return isPercentEncoded(c.req.url)
      ? next()
      : new Response('Bad Request: the path is not percent-encoded UTF-8.', { status: 400 });
  });

  // www.googleapis.com, accounts.google.com, oauth2.googleapis.com
  app.get('/oauth2/v3/certs', (c) => google.fetch(GOOGLE_JWKS_URL, { signal: c.req.raw.signal }));
  app.get('/.well-known/openid-configuration', () => discoveryDocument(url));
  app.get('/tokeninfo', (c) => tokenInfo(emulator, c.req.raw));
  app.post('/token', (c) => exchangeAssertion(emulator, c.req.raw));

  // iamcredentials.googleapis.com
  app.post('/v1/projects/:project/serviceAccounts/:call{[^/]+:generateIdToken}', (c) => {
    const { project, call } = c.req.param();
    return generateIdToken(emulator, c.req.raw, project, call.slice(0, call.lastIndexOf(':')));
  });

  // metadata.google.internal
  app.get('/', (c) => pageFor(c.req.raw) ?? metadataRoot());
  app.route('/computeMetadata', metadataServer(emulator));

  // Nothing of Google's: what tests turn.
  app.get('/admin/service-accounts/:email/key', (c) => serviceAccountKey(emulator, c.req.param('email')));
  app.post('/admin/tokens', (c) => mintToken(emulator, c.req.raw));
  app.post('/admin/keys/rotate', (c) => rotateKeys(emulator, c.req.raw));
  app.post('/admin/jwks', (c) => setJwksAnswer(emulator, c.req.raw));
  app.post('/admin/time', (c) => shiftTime(emulator, c.req.raw));

  // What people look at.
  app.route('/page', pageRoutes(emulator));
  return app;
}

function isPercentEncoded(url: string): boolean {
  try {
    decodeURIComponent(new URL(url).pathname);
    return true;
  } catch {
    return false;
  }
}
