import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A response on a connection that asked for an upgrade and does not get it; the connection is closed behind it. */
export class UpgradeResponse extends ServerResponse {
  constructor(req: IncomingMessage, socket: Duplex) {
    super(req);
    this.shouldKeepAlive = false;
    // What the server itself does with the connection of a request; an upgrade is handed over by it as a `Duplex`.
    this.assignSocket(socket as Socket);
    this.on('finish', () => socket.end(() => socket.destroy()));
  }
}
