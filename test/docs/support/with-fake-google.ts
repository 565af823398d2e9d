/*
 * Loaded before a program that nobody wrote for tests: Google's key URL answers from memory, the server listens on a
 * free port of this machine, and the parent process hears where, with tokens to call it with.
 */
import { type AddressInfo, Server } from 'node:net';
import { createFakeGoogle } from '@id-token-guard/testing';
import { setupServer } from 'msw/node';

export interface Started {
  readonly url: string;
  /** A token of the caller and for the audience that the first programs of the READMEs have. */
  readonly token: string;
  readonly tokenForAnotherAudience: string;
}

const google = await createFakeGoogle();
setupServer(...google.handlers).listen({ onUnhandledFrame: 'error' });

const sender = { email: 'sender@my-project.iam.gserviceaccount.com', email_verified: true };
const token = await google.idToken({ aud: 'https://api.example.com', ...sender });
const tokenForAnotherAudience = await google.idToken({ aud: 'https://other.example.com', ...sender });

const listen = Server.prototype.listen;
Server.prototype.listen = function listenOnAFreePort(...args: unknown[]) {
  const callback = args.find((arg) => typeof arg === 'function');
  this.once('listening', () => {
    const { port } = this.address() as AddressInfo;
    process.send?.({ url: `http://127.0.0.1:${port}`, token, tokenForAnotherAudience } satisfies Started);
  });
  return Reflect.apply(listen, this, [0, '127.0.0.1', ...(callback === undefined ? [] : [callback])]);
};
