#!/usr/bin/env bash
# MCP's TypeScript SDK: `requireBearerAuth` refuses a verified token without `expiresAt`, and says 400 where keys are down.
#
# Expected: the middleware lets in whom the verifier lets in; `AuthInfo.expiresAt` is optional in its types. For "try again
#   later" there is 503, and the SDK has an error of that meaning, `TemporarilyUnavailableError`.
# Seen (@modelcontextprotocol/sdk 1.32.2): a verifier that resolves without `expiresAt` gives 401 "Token has no expiration
#   time". `TemporarilyUnavailableError` and `TooManyRequestsError` give 400, any other error 500, also one with `status: 503`.
#   Nothing that a verifier can throw gives 503 or `Retry-After`.
# Why it matters to a receiver of ID tokens: an outage of Google's keys tells clients that their request is bad. Whoever wants
#   503 must answer before this middleware, and whoever uses it must set `expiresAt` from `exp`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund @modelcontextprotocol/sdk@1.32.2 express@5.3.0 || exit 2

cat >program.mjs <<'JS'
import { once } from 'node:events';
import { TemporarilyUnavailableError, TooManyRequestsError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import express from 'express';

const authInfo = { token: 'any', clientId: 'caller', scopes: [] };
const reject = (error) => async () => { throw error; };
const verifiers = {
  'a token with expiresAt': async () => ({ ...authInfo, expiresAt: Math.floor(Date.now() / 1000) + 3600 }),
  'a token without expiresAt': async () => authInfo,
  TemporarilyUnavailableError: reject(new TemporarilyUnavailableError('no keys')),
  TooManyRequestsError: reject(new TooManyRequestsError('slower')),
  'an error with status 503': reject(Object.assign(new Error('no keys'), { status: 503, headers: { 'retry-after': '5' } })),
};
for (const [name, verifyAccessToken] of Object.entries(verifiers)) {
  const app = express().use(requireBearerAuth({ verifier: { verifyAccessToken } })).get('/', (_request, response) => response.send('the tool'));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/`, { headers: { authorization: 'Bearer any' } });
  console.log(`${name}: ${answer.status} ${await answer.text()}; Retry-After: ${answer.headers.get('retry-after')}`);
}
process.exit();
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
a token with expiresAt: 200 the tool; Retry-After: null
a token without expiresAt: 401 {"error":"invalid_token","error_description":"Token has no expiration time"}; Retry-After: null
TemporarilyUnavailableError: 400 {"error":"temporarily_unavailable","error_description":"no keys"}; Retry-After: null
TooManyRequestsError: 400 {"error":"too_many_requests","error_description":"slower"}; Retry-After: null
an error with status 503: 500 {"error":"server_error","error_description":"Internal Server Error"}; Retry-After: null
TEXT
