// Sign in with Google, redirect mode: Google's page posts an ID token (`credential`) to the login URI.
//
// The token is in a form field and not in a header, so this uses the verifier itself. Who may sign in is for the
// application to say: here everybody with an account of the Workspace domain.
import {
  createGoogleIdTokenVerifier,
  type GoogleIdTokenVerifierOptions,
  toRefusal,
  workspaceDomain,
} from '@id-token-guard/core';
import { Hono } from 'hono';
import { getCookie } from 'hono/cookie';

const CLIENT_ID = '1234567890-example.apps.googleusercontent.com';

/** `options` is for tests, which bring keys of their own. */
export function createApp(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}) {
  const verifier = createGoogleIdTokenVerifier({
    audience: CLIENT_ID,
    callers: workspaceDomain('example.com'),
    ...options,
  });

  return new Hono()
    .post('/login', async (c) => {
      const form = await c.req.formData();
      // Double submit: another site can make a browser post a form, but cannot read our cookie to put it in.
      const csrfToken = getCookie(c, 'g_csrf_token');
      if (!csrfToken || form.get('g_csrf_token') !== csrfToken) {
        return c.json({ error: 'The form was not sent by our page.' }, 400);
      }
      const { claims } = await verifier.verify(String(form.get('credential') ?? ''));
      // Our page put this nonce into the sign-in request and, when it was served, into a cookie.
      const nonce = getCookie(c, 'login_nonce');
      if (!nonce || claims.nonce !== nonce) {
        return c.json({ error: 'The token was not made for this login.' }, 400);
      }
      return c.json({ userId: claims.sub, name: claims.name }); // Keep users by `sub`: an e-mail can change hands.
    })
    .onError((error) => {
      const { status, headers, body } = toRefusal(error);
      return new Response(body, { status, headers });
    });
}
