/*
 * Verifiers with one thing wrong, each as it has been seen in the world.
 */
import {
  GoogleIdTokenError,
  type GoogleIdTokenErrorCode,
  type GoogleIdTokenVerifier,
  isGoogleIdTokenError,
} from '@id-token-guard/core';
import { createVerifier } from '../support/google.ts';
import type { CreateVerifier } from './verifier.ts';

type Verify = GoogleIdTokenVerifier['verify'];

export const brokenVerifiers = {
  throwing: verifyingBy((verify) => (token) => {
    JSON.parse(Buffer.from(`${token}`.split('.')[0] ?? '', 'base64url').toString());
    return verify(token);
  }),

  quoting: verifyingBy((verify) => async (token) => {
    try {
      return await verify(token);
    } catch (error) {
      const code = isGoogleIdTokenError(error) ? error.code : 'token_malformed';
      throw new GoogleIdTokenError(code, { hint: `The token was ${JSON.stringify(`${token}`.slice(0, 100))}.` });
    }
  }),

  unsigned: forgiving('signature_invalid'),
  timeless: forgiving('token_expired'),
  forAnybody: forgiving('audience_mismatch'),

  changing: verifyingBy((verify) => async (token) => {
    const verified = await verify(token);
    return { ...verified, claims: { ...verified.claims, checked: true } };
  }),

  refusing: verifyingBy(() => async () => {
    throw new GoogleIdTokenError('token_malformed');
  }),

  rememberingTooLittle: rememberingBy((token) => token.split('.').slice(0, 2).join('.')),
  ignoringCase: rememberingBy((token) => token.toLowerCase()),

  /** Spells a token right before it is verified, as who decodes and encodes it again. */
  mending: verifyingBy((verify) => (token) => {
    const segments = `${token}`.replaceAll(/[^\w.+/-]/g, '').split('.');
    return verify(segments.map((segment) => Buffer.from(segment, 'base64').toString('base64url')).join('.'));
  }),
} satisfies Record<string, CreateVerifier>;

/** A verifier like ours, but for what it does with a token. */
function verifyingBy(change: (verify: Verify) => Verify): CreateVerifier {
  return (options) => {
    const sound = createVerifier(options);
    const verify = change(sound.verify);
    return {
      ...sound,
      verify,
      authenticate: (headers) =>
        verify(
          Object.values(headers ?? {})
            .join()
            .replace('Bearer ', ''),
        ),
    };
  };
}

/** Takes a token in spite of one kind of refusal. */
function forgiving(code: GoogleIdTokenErrorCode): CreateVerifier {
  return verifyingBy((verify) => async (token) => {
    try {
      return await verify(token);
    } catch (error) {
      if (!isGoogleIdTokenError(error) || error.code !== code) {
        throw error;
      }
      const [header, claims] = token.split('.').map((segment) => Buffer.from(segment, 'base64url').toString());
      const parsed = JSON.parse(`${claims}`);
      return { header: JSON.parse(`${header}`), claims: parsed, caller: { kind: 'subject', subject: parsed.sub } };
    }
  });
}

/** Remembers good tokens by something less than all of their text. */
function rememberingBy(keyOf: (token: string) => string): CreateVerifier {
  return verifyingBy((verify) => {
    const remembered = new Map<string, Awaited<ReturnType<Verify>>>();
    return async (token) => {
      const verified = remembered.get(keyOf(`${token}`)) ?? (await verify(token));
      remembered.set(keyOf(`${token}`), verified);
      return verified;
    };
  });
}
