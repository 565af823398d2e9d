// An MCP server over Streamable HTTP that one service account may call, and whose tools see who calls.
import { type GoogleIdToken, type GoogleIdTokenVerifierOptions, serviceAccount } from '@id-token-guard/core';
import { googleIdToken, requireGoogleIdToken } from '@id-token-guard/express';
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import express, { type Express, type Request } from 'express';

/** `options` is for tests, which bring keys of their own. */
export function createApp(options: Partial<GoogleIdTokenVerifierOptions> = {}): Express {
  const app = express();
  app.use(
    '/mcp',
    requireGoogleIdToken({
      audience: 'https://mcp.example.com',
      callers: serviceAccount('agent@my-project.iam.gserviceaccount.com'),
      ...options,
    }),
  );
  app.post('/mcp', express.json(), async (req: Request & { auth?: AuthInfo }, res) => {
    req.auth = authInfo(googleIdToken(req));
    // Without sessions: each request has a server of its own, so that no session can be taken over.
    const server = createServer();
    const transport = new StreamableHTTPServerTransport({});
    res.on('close', () => void server.close());
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    await transport.handleRequest(req, res, req.body);
  });
  app.all('/mcp', (_req, res) => void res.status(405).set('Allow', 'POST').end());
  return app;
}

/** What tools see of the caller. The raw token is not in it: a tool could hand it on, or log it. */
function authInfo({ claims, caller }: GoogleIdToken): AuthInfo {
  return { token: '', clientId: claims.sub, scopes: [], expiresAt: claims.exp, extra: { caller } };
}

function createServer(): McpServer {
  const server = new McpServer({ name: 'greeter', version: '1.0.0' });
  server.registerTool('whoami', { description: 'Says who is calling.' }, (extra) => ({
    content: [{ type: 'text', text: JSON.stringify(extra.authInfo) }],
  }));
  return server;
}

if (import.meta.main) {
  createApp().listen(3000, () => console.log('Listening on http://localhost:3000/mcp'));
}
