import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFakeGoogle } from '@id-token-guard/testing';

/** What program.js reads. */
export interface Given {
  readonly audience: string;
  readonly sender: string;
  readonly jwks: object;
  /** On loopback. */
  readonly keysUrl: string;
  readonly good: string;
  readonly bad: string;
}

/** What program.js answers: for both kinds of key sets the good token and the bad one, and why the bad one is refused. */
export function answersTo({ sender }: Given): object {
  const answers = [
    { status: 200, caller: sender },
    { status: 401, code: 'signature_invalid' },
  ];
  return { static: answers, fetched: answers, explained: 'signature_invalid' };
}

/** How many signatures it looks at. */
export const SIGNATURES = 5;

/** A fake Google that serves its keys on loopback, a token of it, and one that is not of it. */
export async function startGoogle(): Promise<{ readonly given: Given; close(): void }> {
  const google = await createFakeGoogle();
  const [audience, sender] = ['https://api.example.com', 'sender@my-project.iam.gserviceaccount.com'];
  const good = await google.idToken({ aud: audience, email: sender, email_verified: true });
  const server = createServer((_request, response) => response.end(JSON.stringify(google.jwks)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const keysUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  // The first character of the signature.
  const bad = good.replace(/(?<=\..*\.)./, (first) => (first === 'A' ? 'B' : 'A'));
  return {
    given: { audience, sender, jwks: google.jwks, keysUrl, good, bad },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
