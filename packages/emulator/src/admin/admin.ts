import { setTimeout } from 'node:timers/promises';
import { answerJwks } from '@id-token-guard/testing/internal';
import type { Emulator } from '../emulator.ts';
import { badRequest, withSettings } from './admin-settings.ts';

const ANSWERS = ['ok', 'outage', 'hang', 'html', 'empty'] as const;
const MAX_DELAY_SECONDS = 600;
/** Ten years. */
const MAX_SHIFT_SECONDS = 315_360_000;

/** `POST /admin/keys/rotate`, `{ "withdrawOld": true }`: as `google.rotateKeys()`. Answers with the key ids. */
export async function rotateKeys({ google }: Emulator, request: Request): Promise<Response> {
  return withSettings(request, ['withdrawOld'], async ({ withdrawOld = false }) => {
    if (typeof withdrawOld !== 'boolean') {
      return badRequest('"withdrawOld" must be true or false.');
    }
    const signing = await google.rotateKeys({ withdrawOld });
    return Response.json({ signing, published: google.jwks.keys.map(({ kid }) => kid) });
  });
}

/** `POST /admin/jwks`, `{ "answer": "outage", "delaySeconds": 3 }`: as `google.answerWith()`, until set anew. */
export async function setJwksAnswer({ google }: Emulator, request: Request): Promise<Response> {
  return withSettings(request, ['answer', 'delaySeconds'], ({ answer = 'ok', delaySeconds = 0 }) => {
    const known = ANSWERS.find((name) => name === answer);
    if (known === undefined) {
      return badRequest(`"answer" must be one of ${ANSWERS.join(', ')}.`);
    }
    if (!isNumberUpTo(delaySeconds, MAX_DELAY_SECONDS) || delaySeconds < 0) {
      return badRequest(`"delaySeconds" must be a number from 0 to ${MAX_DELAY_SECONDS}.`);
    }
    google.answerWith(
      delaySeconds === 0
        ? known
        : async () => {
            await setTimeout(delaySeconds * 1000, undefined, { ref: false });
            return answerJwks(known, google.jwks.keys);
          },
    );
    return Response.json({ answer: known, delaySeconds });
  });
}

/** `POST /admin/time`, `{ "shiftSeconds": -7200 }`: as `google.shiftTime()`. Answers with the time that it is now. */
export async function shiftTime({ google }: Emulator, request: Request): Promise<Response> {
  return withSettings(request, ['shiftSeconds'], ({ shiftSeconds }) => {
    if (!isNumberUpTo(shiftSeconds, MAX_SHIFT_SECONDS)) {
      return badRequest(`"shiftSeconds" must be a number from -${MAX_SHIFT_SECONDS} to ${MAX_SHIFT_SECONDS}.`);
    }
    google.shiftTime(shiftSeconds);
    return Response.json({ shiftSeconds, now: new Date(google.now()).toISOString() });
  });
}

/** `GET /admin/service-accounts/{email}/key`: a key file of the account, the same every time. */
export async function serviceAccountKey({ accounts, url }: Emulator, email: string): Promise<Response> {
  const account = await accounts.find(email);
  return account === undefined
    ? Response.json({ error: 'This is not the e-mail of a service account.' }, { status: 404 })
    : Response.json(await accounts.keyFile(account, `${url}/token`));
}

function isNumberUpTo(value: unknown, limit: number): value is number {
  return typeof value === 'number' && Math.abs(value) <= limit;
}
