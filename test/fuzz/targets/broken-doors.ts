/*
 * Guards with one thing wrong, each as it has been written many times: what a function of the application throws or gives
 * goes on as it is.
 */
import {
  createGoogleIdTokenVerifier,
  type GoogleIdTokenVerifier,
  type GuardArguments,
  isGoogleIdTokenError,
  nodeHeaders,
  toRefusal,
} from '@id-token-guard/core';
import type { OnRefused } from '@id-token-guard/express';
import express, { type RequestHandler } from 'express';
import express4 from 'express-4';
import { type Doors, doors, expressDoor, fetchDoor, type Wrapping } from '../support/doors.ts';

type RequireForExpress = (...args: GuardArguments<OnRefused>) => RequestHandler;

/** As it reads in many a program. */
const handingOn: RequireForExpress = (...args: GuardArguments<OnRefused>): RequestHandler => {
  const { verifier, onRefused } = partsOf(args);
  return async (req, res, next) => {
    try {
      await authenticateStrictly(verifier, nodeHeaders(req));
    } catch (error) {
      try {
        if (!isGoogleIdTokenError(error)) {
          return next(error);
        }
        await (onRefused?.(error, req, res, next) ?? res.status(error.status).end());
      } catch (failure) {
        next(failure);
      }
      return;
    }
    next();
  };
};

const trusting: RequireForExpress = (...args: GuardArguments<OnRefused>): RequestHandler => {
  const { verifier } = partsOf(args);
  return async (req, res, next) => {
    const failure = await verifier.authenticate(nodeHeaders(req)).then(
      () => undefined,
      (error: unknown) => error ?? 'unknown',
    );
    return failure === undefined ? next() : res.status(500).end();
  };
};

const rejecting: RequireForExpress = (...args: GuardArguments<OnRefused>): RequestHandler => {
  const { verifier } = partsOf(args);
  return async (req, res, next) => {
    try {
      await authenticateStrictly(verifier, nodeHeaders(req));
    } catch (error) {
      const { status } = toRefusal(error);
      res.status(status).end();
      return;
    }
    next();
  };
};

const passingOn = (...args: GuardArguments<(...args: unknown[]) => unknown>): Wrapping => {
  const { verifier, onRefused } = partsOf(args);
  return (handler) =>
    async (request, ...rest) => {
      const token = await authenticateStrictly(verifier, request.headers).catch((error: unknown) => error);
      if (!isGoogleIdTokenError(token)) {
        return token instanceof Error ? new Response(null, { status: 500 }) : handler(request, token as never, ...rest);
      }
      return (onRefused?.(token, request) ?? new Response(null, { status: token.status })) as Response;
    };
};

export const brokenDoors: Readonly<Record<string, Doors>> = {
  'hands on what was thrown': { ...doors, 'express 5': expressDoor(express, handingOn) },
  'takes whatever a verifier gives': { ...doors, 'express 5': expressDoor(express, trusting) },
  'lets its promise be rejected': {
    ...doors,
    'express 4': expressDoor(express4 as unknown as typeof express, rejecting),
  },
  'answers with whatever onRefused gives': { ...doors, fetch: fetchDoor(passingOn) },
};

interface Parts<OnRefused> {
  readonly verifier: GoogleIdTokenVerifier;
  readonly onRefused: OnRefused | undefined;
}

function partsOf<OnRefused>(args: GuardArguments<OnRefused>): Parts<OnRefused> {
  const [first] = args as [GoogleIdTokenVerifier | Parameters<typeof createGoogleIdTokenVerifier>[0]];
  if ('authenticate' in first) {
    return { verifier: first, onRefused: undefined };
  }
  const { onRefused, ...options } = first as typeof first & { onRefused?: OnRefused };
  return { verifier: createGoogleIdTokenVerifier(options), onRefused };
}

/** Only what looks like a token is one: these guards are not the ones that trust. */
async function authenticateStrictly(
  verifier: GoogleIdTokenVerifier,
  headers: Parameters<GoogleIdTokenVerifier['authenticate']>[0],
): ReturnType<GoogleIdTokenVerifier['authenticate']> {
  const token = await verifier.authenticate(headers);
  if (typeof token?.claims?.sub !== 'string') {
    throw new TypeError('That is no token.');
  }
  return token;
}
