/*
 * The guard of fetch handlers in frameworks that have a Web `Request`, by the lines of the guide.
 */
import { type GoogleIdToken, requireGoogleIdToken } from '@id-token-guard/fetch';
import { refusedRequests } from '@id-token-guard/testing';
import { initTRPC } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { Elysia } from 'elysia';
import { createSchema, createYoga } from 'graphql-yoga';
import { H3 } from 'h3';
import { beforeEach, describe, expect, test } from 'vitest';
import { AUDIENCE, google, guardOptions, idToken, SENDER } from '../adapters/support/fixtures.ts';
import { REFUSAL_TABLE } from '../adapters/support/refusal-table.ts';

const guard = requireGoogleIdToken(guardOptions());
const handled: unknown[] = [];
const handle = (googleIdToken: GoogleIdToken | undefined) => {
  handled.push(googleIdToken?.claims.sub);
  return 'hello';
};
beforeEach(() => {
  google.answerWith('ok');
  handled.length = 0;
});

const h3 = new H3()
  .use(async ({ req, context }) => {
    const { response, googleIdToken } = await guard.admit(req);
    context['googleIdToken'] = googleIdToken;
    return response;
  })
  .get('/hello', ({ context }) => handle(context['googleIdToken'] as GoogleIdToken));

const elysia = new Elysia()
  .onRequest(async ({ request }) => (await guard.admit(request)).response)
  .get('/hello', () => {
    handled.push(SENDER.sub);
    return 'hello';
  });

interface Context {
  readonly googleIdToken: GoogleIdToken;
}
const yoga = createYoga<Context>({
  logging: false,
  schema: createSchema<Context>({
    typeDefs: 'type Query { hello: String }',
    resolvers: {
      Query: { hello: (_root: unknown, _args: unknown, { googleIdToken }: Context) => handle(googleIdToken) },
    },
  }),
});

const t = initTRPC.context<Context>().create();
const router = t.router({ hello: t.procedure.query(({ ctx }) => handle(ctx.googleIdToken)) });

/** SvelteKit calls it with an event that has the request. */
async function svelteKitHook({ event, resolve }: { event: Event; resolve: (event: Event) => Promise<Response> }) {
  const { response, googleIdToken } = await guard.admit(event.request);
  event.locals.googleIdToken = googleIdToken;
  return response ?? resolve(event);
}
interface Event {
  readonly request: Request;
  readonly locals: { googleIdToken?: GoogleIdToken | undefined };
}

const servers: Record<string, { path: string; fetch: (request: Request) => Response | Promise<Response> }> = {
  'h3 2': { path: '/hello', fetch: (request) => h3.fetch(request) },
  Elysia: { path: '/hello', fetch: (request) => elysia.handle(request) },
  'GraphQL Yoga': {
    path: '/graphql?query={hello}',
    fetch: guard(async (request, googleIdToken) => yoga.fetch(request, { googleIdToken })),
  },
  tRPC: {
    path: '/trpc/hello',
    fetch: guard((req, googleIdToken) =>
      fetchRequestHandler({ endpoint: '/trpc', req, router, createContext: () => ({ googleIdToken }) }),
    ),
  },
  'a hook as SvelteKit calls it': {
    path: '/hello',
    fetch: (request) =>
      svelteKitHook({
        event: { request, locals: {} },
        resolve: async ({ locals }) => new Response(handle(locals.googleIdToken)),
      }),
  },
};

describe.each(Object.entries(servers))('%s', async (_, { path, fetch }) => {
  const requests = await refusedRequests(google, { audience: AUDIENCE, claims: SENDER });
  const url = new URL(path, 'https://api.example.com');

  test('answers a good request', async () => {
    const response = await fetch(new Request(url, { headers: { authorization: `Bearer ${await idToken()}` } }));

    expect(response.status).toBe(200);
    expect(await response.text()).toContain('hello');
    expect(handled).toEqual([SENDER.sub]);
  });

  test.each(requests.map((request) => [request.title, request] as const))('refuses %s', async (_, request) => {
    google.answerWith(request.jwks);

    const response = await fetch(new Request(url, { headers: request.headers }));

    const { status, challenge, body } = REFUSAL_TABLE[request.code];
    expect([response.status, response.headers.get('www-authenticate'), await response.text()]).toEqual([
      status,
      challenge ?? null,
      body,
    ]);
    expect(response.headers.has('retry-after')).toBe(status === 503);
    expect(handled).toEqual([]);
  });
});
