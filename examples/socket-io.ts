// A socket.io server beside an Express app: long polling and WebSockets of socket.io pass by the app.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { createGoogleIdTokenVerifier, type GoogleIdTokenVerifierOptions, serviceAccount } from '@id-token-guard/core';
import { googleIdToken, requireGoogleIdToken } from '@id-token-guard/express';
import { requireGoogleIdToken as guardUpgrades } from '@id-token-guard/node';
import express from 'express';
import { Server as SocketIoServer } from 'socket.io';

/** `options` is for tests, which bring keys of their own. */
export function createApp(options: Pick<GoogleIdTokenVerifierOptions, 'keys' | 'onEvent'> = {}): Server {
  const verifier = createGoogleIdTokenVerifier({
    audience: 'https://api.example.com',
    callers: serviceAccount('sender@my-project.iam.gserviceaccount.com'),
    ...options,
  });

  const app = express();
  app.use(requireGoogleIdToken(verifier));
  const server = createServer(app);

  const io = new SocketIoServer(server);
  // Each request of engine.io: those of long polling, and the handshake of a WebSocket.
  io.engine.use(requireGoogleIdToken(verifier));
  // engine.io closes a refused handshake without an answer. This tells the client why.
  const [upgrade] = server.listeners('upgrade') as ((req: IncomingMessage, socket: Duplex, head: Buffer) => void)[];
  if (upgrade !== undefined) {
    server.removeListener('upgrade', upgrade).on('upgrade', guardUpgrades(verifier).upgrade(upgrade));
  }
  io.on('connection', (socket) => {
    // The request that opened the connection, on which the guard has left the token.
    socket.emit('hello', googleIdToken(socket.request as express.Request).caller);
  });
  return server;
}

if (import.meta.main) {
  createApp().listen(3000, () => console.log('Listening on http://localhost:3000'));
}
