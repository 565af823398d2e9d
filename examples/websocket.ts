// A WebSocket server beside an Express app: each has the same guard, since an upgrade passes by the app.
import { createServer, type Server } from 'node:http';
import { createGoogleIdTokenVerifier, type GoogleIdTokenVerifierOptions, serviceAccount } from '@id-token-guard/core';
import { googleIdToken, requireGoogleIdToken } from '@id-token-guard/express';
import { requireGoogleIdToken as guardUpgrades } from '@id-token-guard/node';
import express from 'express';
import { WebSocketServer } from 'ws';

/** `options` is for tests, which bring keys of their own. */
export function createApp(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}): Server {
  const verifier = createGoogleIdTokenVerifier({
    audience: 'https://api.example.com',
    callers: serviceAccount('sender@my-project.iam.gserviceaccount.com'),
    ...options,
  });

  const app = express();
  app.use(requireGoogleIdToken(verifier));
  app.get('/hello', (req, res) => {
    res.json({ hello: googleIdToken(req).caller });
  });

  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer(app);
  server.on(
    'upgrade',
    guardUpgrades(verifier).upgrade((req, socket, head, { caller }) => {
      sockets.handleUpgrade(req, socket, head, (webSocket) => {
        webSocket.send(JSON.stringify({ hello: caller }));
      });
    }),
  );
  return server;
}

if (import.meta.main) {
  createApp().listen(3000, () => console.log('Listening on http://localhost:3000 and ws://localhost:3000'));
}
