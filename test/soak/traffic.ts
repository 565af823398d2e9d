/*
 * Makes the requests: good ones of several callers, and every kind of bad one.
 */
import { randomBytes } from 'node:crypto';
import type { Random } from '../simulate-fleet/random.ts';
import { SPEED } from './clock.ts';
import { createKey, type GoogleKey, type SoakGoogle, signToken } from './google.ts';
import { KINDS, type Kind } from './kinds.ts';
import { SLACK, TOLERANCE } from './promises.ts';

export const AUDIENCE = 'https://soak.example.com';

interface Caller {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
}

interface GoodClaims extends Caller {
  readonly iss: string;
  readonly aud: string;
  readonly iat: number;
  readonly exp: number;
  readonly nonce: string;
}

const CALLERS: readonly Caller[] = Array.from({ length: 6 }, (_, index) => ({
  sub: `10000000000000000000${index}`,
  email: `caller-${index}@soak.iam.gserviceaccount.com`,
  email_verified: true,
}));
export const CALLER_EMAILS: readonly string[] = CALLERS.map(({ email }) => email);

/** A request to send. */
interface SoakRequest {
  readonly kind: Kind;
  /** The value of the header; `undefined`: none. */
  readonly authorization: string | undefined;
  /** The key of Google's that its token names. */
  readonly key?: GoogleKey;
  /** Who the token says is calling. */
  readonly sub?: string;
}

/** What the schedule switches. */
export interface Weather {
  /** Strangers send invented key ids. */
  flood: boolean;
  /** Tokens of a withdrawn key are sent, by callers that were accepted with them before. */
  leavers: boolean;
}

export interface Traffic {
  next(weather: Weather): Promise<SoakRequest>;
}

interface TokenRequest extends SoakRequest {
  readonly authorization: string;
  readonly key: GoogleKey;
}

interface RepeatedToken extends TokenRequest {
  readonly expiresAt: number;
}

const POOL_SIZE = 24;
/** Shorter than Google's hour, so that tokens which were accepted expire while the soak runs. */
const REPEATED_LIFETIME_SECONDS = 1200;
/** Two requests in five then are of the flood. */
const FLOOD_PARTS = 66;
const LEAVER_PARTS = 20;

export async function createTraffic(google: SoakGoogle, random: Random): Promise<Traffic> {
  const forger = await createKey(google.now);
  let pool: RepeatedToken[] = [];
  let old: RepeatedToken[] = [];

  return { next: async (weather) => (await make(draw(weather))) ?? signed('fresh') };

  function draw({ flood, leavers }: Weather): Kind {
    const extra: Partial<Record<Kind, number>> = {
      unknownKid: flood ? FLOOD_PARTS : 0,
      withdrawn: leavers ? LEAVER_PARTS : 0,
    };
    const parts = (Object.keys(KINDS) as Kind[]).map((kind) => ({
      kind,
      size: KINDS[kind].parts + (extra[kind] ?? 0),
    }));
    let left = random() * parts.reduce((sum, { size }) => sum + size, 0);
    for (const { kind, size } of parts) {
      left -= size;
      if (left < 0) {
        return kind;
      }
    }
    return 'fresh';
  }

  /** `undefined` where there is nothing of this kind now. */
  async function make(kind: Kind): Promise<SoakRequest | undefined> {
    switch (kind) {
      case 'repeated':
        return repeated();
      case 'withdrawn':
        return oldToken(kind, ({ key, expiresAt }) => key.withdrawnAt !== undefined && isFarFrom(expiresAt));
      case 'outlived':
        return oldToken(kind, ({ expiresAt }) => google.now() > expiresAt + TOLERANCE + SLACK);
      case 'nothing':
        return { kind, authorization: oneOf([undefined, 'Basic c29hazpzb2Fr']) };
      case 'noise':
        return { kind, authorization: `Bearer ${randomBytes(1 + Math.floor(random() * 900)).toString('base64url')}` };
      default:
        return signed(kind);
    }
  }

  async function repeated(): Promise<SoakRequest> {
    const isGone = ({ key, expiresAt }: RepeatedToken) => key.withdrawnAt !== undefined || !isFarFrom(expiresAt);
    old = [...old, ...pool.filter(isGone)].slice(-POOL_SIZE * 2);
    pool = pool.filter((token) => !isGone(token));
    const known = pool.length < POOL_SIZE && random() < 0.1 ? undefined : oneOf(pool);
    if (known !== undefined) {
      return known;
    }
    const claims = callerClaims(REPEATED_LIFETIME_SECONDS);
    const token = { ...(await withToken('repeated', claims)), expiresAt: claims.exp * 1000 };
    pool.push(token);
    return token;
  }

  async function signed(kind: Kind): Promise<SoakRequest> {
    const good = callerClaims(3600);
    const past = { iat: good.iat - 7200, exp: good.iat - 3600 };
    const stranger = { ...good, sub: `2${Math.floor(random() * 1e15)}` };
    switch (kind) {
      case 'newcomer':
        return withToken(kind, stranger);
      case 'forged':
        return withToken(kind, good, { privateKey: forger.privateKey });
      case 'unknownKid':
        return withInventedKid(kind, stranger);
      case 'expiredUnknownKid':
        return withInventedKid(kind, { ...good, ...past });
      case 'expired':
        return withToken(kind, { ...good, ...past });
      case 'otherAudience':
        return withToken(kind, { ...good, aud: `${AUDIENCE}/other` });
      case 'otherCaller':
        return withToken(kind, { ...stranger, email: 'stranger@elsewhere.iam.gserviceaccount.com' });
      case 'unsigned':
        return changed(kind, (await withToken(kind, good, { alg: 'none' })).authorization.replace(/[^.]*$/, ''));
      case 'twoTokens':
        return changed(kind, `${(await withToken(kind, good)).authorization}, Bearer c29haw`);
      case 'cutShort':
        return changed(kind, (await withToken(kind, good)).authorization.replace(/\.[^.]*$/, ''));
      default:
        return withToken('fresh', good);
    }
  }

  function oldToken(kind: Kind, fits: (token: RepeatedToken) => boolean): SoakRequest | undefined {
    const token = oneOf(old.filter(fits));
    return token && { ...token, kind };
  }

  async function withInventedKid(kind: Kind, claims: object): Promise<SoakRequest> {
    const kid = randomBytes(20).toString('hex');
    return { kind, authorization: `Bearer ${await signToken(forger.privateKey, { alg: 'RS256', kid }, claims)}` };
  }

  async function withToken(
    kind: Kind,
    claims: GoodClaims,
    { alg = 'RS256', privateKey = google.current.privateKey } = {},
  ): Promise<TokenRequest> {
    const key = google.current;
    const token = await signToken(privateKey, { alg, kid: key.kid, typ: 'JWT' }, claims);
    return { kind, authorization: `Bearer ${token}`, sub: claims.sub, key };
  }

  function callerClaims(lifetimeSeconds: number): GoodClaims {
    const caller = CALLERS[Math.floor(random() * CALLERS.length)] as Caller;
    const iat = Math.floor(google.now() / 1000);
    const nonce = randomBytes(8).toString('hex'); // Else two tokens of the same second would be one.
    return { iss: 'https://accounts.google.com', aud: AUDIENCE, iat, exp: iat + lifetimeSeconds, nonce, ...caller };
  }

  function isFarFrom(expiresAt: number): boolean {
    return google.now() < expiresAt - 5000 * SPEED;
  }

  function oneOf<T>(values: readonly T[]): T | undefined {
    return values[Math.floor(random() * values.length)];
  }
}

/** What is left when a token was spoilt: nothing that names a key or a caller. */
function changed(kind: Kind, authorization: string): SoakRequest {
  return { kind, authorization };
}
