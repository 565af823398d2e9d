import type { SenderRequest, Senders } from '@id-token-guard/testing';
import type { Emulator } from '../emulator.ts';
import { badRequest, type Settings, withSettings } from './admin-settings.ts';

const SETTINGS = ['from', 'audience', 'email', 'includeEmail', 'claims'];
/** Senders that sign as the person that `email` names; all others sign as a service account. */
const PEOPLE = ['appsScript', 'gcloudUser', 'signInWithGoogle'];

/** Who calls Chat apps of the older kind. */
const STANDALONE_CHAT = 'chat@system.gserviceaccount.com';

/**
 * `POST /admin/tokens`, `{ "from": "cloudTasks", "audience": "https://…", "email": "tasks@…" }`: as
 * `google.from.cloudTasks()`. Answers with the request, its token and claims.
 *
 * `includeEmail` is for the senders that leave the e-mail out unless asked: `metadataServer`, those that impersonate, and
 * gateways.
 */
export async function mintToken(emulator: Emulator, request: Request): Promise<Response> {
  return withSettings(request, SETTINGS, async (settings) => {
    const error = await errorIn(settings, emulator);
    return error === undefined ? Response.json(await send(settings, emulator)) : badRequest(error);
  });
}

function send(settings: Settings, { google, vmAccount }: Emulator): Promise<SenderRequest> {
  const { from, audience, includeEmail = false, claims = {} } = settings;
  const { email = from === 'metadataServer' ? vmAccount : undefined } = settings;
  const isPerson = PEOPLE.includes(`${from}`);
  // Each sender takes of these what it knows.
  const options = {
    ...(audience === undefined ? {} : { audience, url: audience, serverUrl: audience }),
    // An add-on has a client too, for the token of the person in its body.
    ...(audience !== undefined && isPerson ? { clientId: audience } : {}),
    ...(email === undefined ? {} : { [isPerson ? 'email' : 'serviceAccount']: email }),
    standalone: email === STANDALONE_CHAT,
    includeEmail,
    format: includeEmail ? 'full' : 'standard',
    claims,
  };
  return (google.from[from as keyof Senders] as (options: object) => Promise<SenderRequest>)(options);
}

async function errorIn(settings: Settings, { google, accounts }: Emulator): Promise<string | undefined> {
  const { from, audience, email, includeEmail = false, claims = {} } = settings;
  if (typeof from !== 'string' || !Object.hasOwn(google.from, from)) {
    return `"from" must be one of ${Object.keys(google.from).join(', ')}.`;
  }
  const isPerson = PEOPLE.includes(from);
  if (from === 'gcloudUser' && audience !== undefined) {
    return '"audience" cannot be chosen with gcloudUser: all users of gcloud share one.';
  }
  if (audience === undefined ? !isPerson : typeof audience !== 'string' || audience === '') {
    return '"audience" must be text: whoever asks Google for a token says whom it is for.';
  }
  if (email !== undefined) {
    const isServiceAccount = typeof email === 'string' && (await accounts.find(email)) === email;
    const isOfPerson = typeof email === 'string' && /^[^@\s]+@[^@\s]+$/.test(email) && !isServiceAccount;
    if (isPerson ? !isOfPerson : !isServiceAccount) {
      return `"email" must be that of a ${isPerson ? 'person' : 'service account'}.`;
    }
  }
  if (typeof includeEmail !== 'boolean') {
    return '"includeEmail" must be true or false.';
  }
  return typeof claims === 'object' && claims !== null && !Array.isArray(claims)
    ? undefined
    : '"claims" must be a JSON object.';
}
