import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  type Admission,
  createGuard,
  type GoogleIdToken,
  GoogleIdTokenError,
  type GoogleIdTokenVerifierOptions,
  type GuardArguments,
  type GuardOptions,
  nodeHeaders,
  nodeUrl,
  type OptionalGuardArguments,
  type OptionalGuardOptions,
  toRefusal,
  whenAdmitted,
  writeRefusal,
} from '@id-token-guard/core';
import { type OnFailed, reportAndAnswer, run } from './failure.ts';
import type { AnyResponse, NodeRequest } from './messages.ts';
import { UpgradeResponse } from './upgrade-response.ts';

// What users of the adapter need of core, the very same objects: one package to install, one import.
export {
  type AudienceRequest,
  type AudienceRule,
  allOf,
  anyCaller,
  anyOf,
  type Caller,
  type CallerRule,
  type ComputeInstance,
  computeInstance,
  createGoogleIdTokenVerifier,
  createGoogleKeySet,
  GOOGLE_JWKS_URL,
  type GoogleIdToken,
  type GoogleIdTokenClaims,
  type GoogleIdTokenErrorCode,
  type GoogleIdTokenVerifier,
  type GoogleIdTokenVerifierOptions,
  type GoogleKeySetOptions,
  type GuardEvent,
  isGoogleIdTokenError,
  type KeySet,
  type KeySetEvent,
  type KeySetSnapshot,
  type KeySetStatus,
  type KeySetStore,
  type Refusal,
  requestUrl,
  type ServiceAccountCaller,
  type SubjectCaller,
  serviceAccount,
  staticKeySet,
  subject,
  type TokenHeader,
  toRefusal,
  type UserCaller,
  urlsUnder,
  user,
  workspaceDomain,
} from '@id-token-guard/core';
export type { OnFailed } from './failure.ts';
export type { AnyResponse, NodeRequest } from './messages.ts';
// Imported as a type and exported from core, it would be a type only in the declarations.
export { GoogleIdTokenError };

/**
 * Answers a refused request in place of the default answer: write to `res` and end it. For a refused upgrade, `res`
 * answers on the connection, which is closed behind it.
 */
export type OnRefused = (error: GoogleIdTokenError, req: NodeRequest, res: AnyResponse) => unknown;

/** Options of the adapter, beside those of the verifier. */
export type AdapterOptions = GuardOptions<OnRefused>;

/** Options of an adapter that lets requests without a token pass: `optional: true`. */
export type OptionalAdapterOptions = OptionalGuardOptions<OnRefused>;

/** Handles a request that may pass. With `optional: true` the token may be `undefined`. */
export type RequestHandler<Req, Res, Token = GoogleIdToken> = (req: Req, res: Res, googleIdToken: Token) => unknown;

/** What a server calls for each request. */
type Listener<Req, Res> = (req: Req, res: Res) => void;

/** A guard with `optional: true` lets requests pass without a token. */
type MaybeToken = GoogleIdToken | undefined;

/** Puts a guard before the listeners of a server. With `optional: true` the token may be `undefined`. */
export interface NodeGuard<Token = GoogleIdToken> {
  /**
   * Makes a listener for `createServer()`, or for the events `request`, `checkContinue` and `checkExpectation`: it calls
   * the handler only for requests that may pass.
   *
   * @param onFailed answers with 500 where the handler, or a function among the options, has failed; the default also
   * writes the error to the standard error output
   */
  (
    handler: RequestHandler<IncomingMessage, ServerResponse, Token>,
    onFailed?: OnFailed,
  ): Listener<IncomingMessage, ServerResponse>;
  (
    handler: RequestHandler<Http2ServerRequest, Http2ServerResponse, Token>,
    onFailed?: OnFailed,
  ): Listener<Http2ServerRequest, Http2ServerResponse>;
  /**
   * Makes a listener for the event `upgrade` of an HTTP/1.1 server: it calls the handler only for upgrades that may
   * pass. A refused one is answered with status line, headers and body on the connection, which is then closed. Errors of
   * the connection never reach the process.
   */
  upgrade<Connection extends Duplex>(
    handler: (req: IncomingMessage, socket: Connection, head: Buffer, googleIdToken: Token) => unknown,
    onFailed?: OnFailed,
  ): (req: IncomingMessage, socket: Connection, head: Buffer) => void;
}

/**
 * Lets only requests and upgrades pass that carry a Google-signed ID token for this audience, and hands the token to
 * their handler.
 *
 * With an audience alone it lets any Google account of anybody pass: the handler must check who is calling. With
 * options, `callers` says who may call. It guards the listeners that it is put before, and no others of the same server.
 *
 * @throws TypeError that names a wrong option
 */
export function requireGoogleIdToken(...args: GuardArguments<OnRefused>): NodeGuard;
export function requireGoogleIdToken(...args: OptionalGuardArguments<OnRefused>): NodeGuard<MaybeToken>;
// Stands last, since the compiler explains the last one when none fits: it then says that `callers` is missing.
export function requireGoogleIdToken(options: GoogleIdTokenVerifierOptions & AdapterOptions): NodeGuard;
export function requireGoogleIdToken(
  ...args: GuardArguments<OnRefused> | OptionalGuardArguments<OnRefused>
): NodeGuard<MaybeToken> {
  const guard = createGuard(args, refuse);

  return Object.assign(guardRequests, { upgrade: guardUpgrades });

  function guardRequests<Req extends NodeRequest, Res extends AnyResponse>(
    handler: RequestHandler<Req, Res, MaybeToken>,
    onFailed: OnFailed = reportAndAnswer,
  ): Listener<Req, Res> {
    return function googleIdTokenGuard(req, res) {
      const admission = guard.admit(
        () => nodeHeaders(req),
        { url: nodeUrl(req) },
        req,
        () => res,
      );
      whenAdmitted(admission, (settled) => conclude(settled, (token) => handler(req, res, token), fail), fail);

      function fail(error: unknown): void {
        run(
          () => onFailed(error, req, res),
          () => res.destroy(),
        );
      }
    };
  }

  function guardUpgrades<Connection extends Duplex>(
    handler: (req: IncomingMessage, socket: Connection, head: Buffer, googleIdToken: MaybeToken) => unknown,
    onFailed: OnFailed = reportAndAnswer,
  ): (req: IncomingMessage, socket: Connection, head: Buffer) => void {
    return function googleIdTokenGuard(req, socket, head) {
      // The server has let go of the connection: from here on, an error that nobody listens to would end the process.
      socket.on('error', () => {});
      let response: UpgradeResponse | undefined;
      const respond = () => {
        response ??= new UpgradeResponse(req, socket);
        return response;
      };
      const before = bytesWritten(socket);
      const admission = guard.admit(() => nodeHeaders(req), { url: nodeUrl(req) }, req, respond, socket);
      whenAdmitted(admission, (settled) => conclude(settled, open, fail), fail);

      function open(googleIdToken: MaybeToken): unknown {
        // The client may have hung up while the token was verified.
        return socket.destroyed ? undefined : handler(req, socket, head, googleIdToken);
      }

      function fail(error: unknown): void {
        if (bytesWritten(socket) !== before) {
          // Behind the answer to a handshake, one of HTTP would be a message of the other protocol.
          socket.destroy();
        }
        run(
          () => onFailed(error, req, respond()),
          () => socket.destroy(),
        );
      }
    };
  }
}

function bytesWritten(socket: Duplex): number | undefined {
  return (socket as Partial<Socket>).bytesWritten;
}

function conclude(
  admission: Admission<unknown>,
  handle: (googleIdToken: MaybeToken) => unknown,
  fail: (error: unknown) => void,
): void {
  if (admission.outcome === 'admitted') {
    run(() => handle(admission.googleIdToken), fail);
  } else if (admission.outcome === 'failed') {
    fail(admission.error);
  }
}

function refuse(
  error: GoogleIdTokenError,
  onRefused: OnRefused | undefined,
  req: NodeRequest,
  respond: () => AnyResponse,
  upgrading?: Duplex,
): unknown {
  if (onRefused !== undefined) {
    return onRefused(error, req, respond());
  }
  if (upgrading !== undefined) {
    return writeRefusal(error, upgrading);
  }
  const res = respond();
  const { status, headers, body } = toRefusal(error);
  // One by one: of a response that somebody has wrapped, `writeHead` may return nothing.
  res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  return res.end(body);
}
