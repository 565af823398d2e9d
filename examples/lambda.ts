// A function on AWS Lambda, behind API Gateway or a function URL, that one service account may call.
//
// Its handler is `lambda.handler`, without an authorizer in front: the guard must see the Authorization header.
import { type GoogleIdTokenVerifierOptions, requireGoogleIdToken, serviceAccount } from '@id-token-guard/hono';
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';

/** `options` is for tests, which bring keys of their own. */
export function createHandler(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}) {
  const app = new Hono()
    .use(
      requireGoogleIdToken({
        audience: 'https://api.example.com',
        callers: serviceAccount('sender@my-project.iam.gserviceaccount.com'),
        ...options,
      }),
    )
    .get('/hello', (c) => c.json({ hello: c.get('googleIdToken').caller }));
  return handle(app);
}

// Made once per instance of the function: keys and verified tokens outlive an invocation.
export const handler = createHandler();
