// A route handler of Next.js, such as app/hello/route.ts, that one service account may call.
import { requireGoogleIdToken, serviceAccount } from '@id-token-guard/fetch';

const guard = requireGoogleIdToken({
  audience: 'https://api.example.com',
  callers: serviceAccount('sender@my-project.iam.gserviceaccount.com'),
});

// Next.js allows no other exports here. Tests mock Google with msw: setupServer(...google.handlers).
export const POST = guard((_request, { caller }) => Response.json({ hello: caller }));
