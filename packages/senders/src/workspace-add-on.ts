import type { GoogleIdToken, GoogleIdTokenVerifier } from '@id-token-guard/core';
import { bytesOf, readBody, unreadBody } from './body.ts';
import { SenderError } from './errors.ts';
import { isJsonObject, type JsonObject, jsonOf, own } from './json.ts';
import { maxBytesOf, type ReaderOptions } from './options.ts';
import { invalidHint, shapeOf } from './shapes.ts';

/** Who verifies the tokens in the body of an add-on's event. */
export interface WorkspaceAddOnEventOptions extends ReaderOptions {
  /**
   * Verifies `systemIdToken`: its audience is the URL of the endpoint, and its caller the account of your project,
   * `serviceAccount('service-PROJECT_NUMBER@gcp-sa-gsuiteaddons.iam.gserviceaccount.com')`.
   */
  readonly system: GoogleIdTokenVerifier;
  /**
   * Verifies `userIdToken`: its audience is the OAuth client id of the add-on, and its caller a person. Left out, the token of
   * the person is not looked at.
   */
  readonly user?: GoogleIdTokenVerifier | undefined;
}

/** An event of a Google Workspace add-on, or of a Chat app that is one. */
export interface WorkspaceAddOnEvent {
  /** The verified `systemIdToken`: that Google calls, for the add-on of this project. */
  readonly system: GoogleIdToken;
  /** The verified `userIdToken`: the person who uses the add-on. `undefined` where `user` was not given. */
  readonly user: GoogleIdToken | undefined;
  /** An access token for Google's APIs in the name of the person, where the add-on has scopes. Nobody has verified it. */
  readonly userOAuthToken: string | undefined;
  /** Where the person uses the add-on: `GMAIL`, `CALENDAR`, `CHAT`, … */
  readonly hostApp: string | undefined;
  /** The body without its tokens: `commonEventObject`, and `chat`, `gmail`, … Anything may be in it. */
  readonly event: Readonly<Record<string, unknown>>;
}

/**
 * Reads the event that a Google Workspace add-on with an HTTP endpoint is sent, and verifies the tokens in its body: that of
 * Google's account, and with `user` that of the person.
 *
 * With the manifest as it is, the token of the header is the same as `systemIdToken`: a guard before it does no harm. Where
 * `httpOptions.authorizationHeader` of the manifest is `USER_ID_TOKEN`, a guard needs the add-on's client id as audience and
 * a rule for people; where it is `NONE`, there is no token in the header, and this function does what a guard does.
 *
 * The tokens say who calls. They do not sign the event: what is in it is Google's word, as far as the connection is secure.
 *
 * ```ts
 * const event = await readWorkspaceAddOnEvent(request, { system, user });
 * console.log(event.user?.claims.sub, event.event['chat']);
 * ```
 *
 * @throws SenderError for what is no such event, lacks a token, or is too large
 * @throws GoogleIdTokenError of the verifier, for a token that is not good: answer as `toRefusal` says
 * @throws TypeError that names a wrong option
 * @see https://developers.google.com/workspace/add-ons/guides/alternate-runtimes
 */
export async function readWorkspaceAddOnEvent(
  request: Request,
  options: WorkspaceAddOnEventOptions,
): Promise<WorkspaceAddOnEvent> {
  checkVerifiers(options);
  return parseWorkspaceAddOnEvent(await readBody(request, maxBytesOf(options, OPTION_NAMES)), options);
}

/**
 * {@link readWorkspaceAddOnEvent} for servers without Web `Request`, and for bodies that a body parser has read.
 *
 * @param body as text, as bytes, or as the object that a JSON parser has made of it
 * @throws SenderError for what is no such event, lacks a token, or is too large
 * @throws GoogleIdTokenError of the verifier, for a token that is not good: answer as `toRefusal` says
 * @throws TypeError that names a wrong option
 */
export async function parseWorkspaceAddOnEvent(
  body: unknown,
  options: WorkspaceAddOnEventOptions,
): Promise<WorkspaceAddOnEvent> {
  const { system, user } = checkVerifiers(options);
  const bytes = bytesOf(body, maxBytesOf(options, OPTION_NAMES));
  if (body === undefined) {
    throw unreadBody();
  }
  const event = bytes === undefined ? body : jsonOf(bytes);
  const authorization = isJsonObject(event) ? own(event, AUTHORIZATION) : undefined;
  if (!isJsonObject(event) || !isJsonObject(authorization)) {
    const what = isJsonObject(event)
      ? `${AUTHORIZATION} is ${shapeOf(authorization)}`
      : `The body is ${shapeOf(event)}`;
    throw new SenderError('not_an_add_on_event', undefined, `${what}, expected an object.`);
  }
  const userToken = user && required(authorization, 'userIdToken');
  // One after the other: nothing of a request that Google did not make is looked at further.
  const verifiedSystem = await system.verify(required(authorization, 'systemIdToken'));
  const { [AUTHORIZATION]: _, ...rest } = event;
  const common = own(event, 'commonEventObject');
  return {
    system: verifiedSystem,
    user: userToken === undefined ? undefined : await user?.verify(userToken),
    userOAuthToken: text(authorization, 'userOAuthToken'),
    hostApp: isJsonObject(common) ? text(common, 'hostApp', 'commonEventObject') : undefined,
    event: rest,
  };
}

const AUTHORIZATION = 'authorizationEventObject';
const OPTION_NAMES: readonly string[] = ['system', 'user', 'maxBytes'];

function required(authorization: JsonObject, name: string): string {
  const token = text(authorization, name);
  if (token === undefined) {
    const field = `${AUTHORIZATION}.${name}`;
    const known = name === 'userIdToken' ? ' Not every event has it: look at the scopes of the add-on.' : '';
    throw new SenderError('field_missing', field, `${field} is missing or empty, expected a token.${known}`);
  }
  return token;
}

/** A text; the empty one counts as missing. */
function text(object: JsonObject, name: string, parent = AUTHORIZATION): string | undefined {
  const value = own(object, name);
  if (value === undefined || value === '') {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw new SenderError('field_invalid', `${parent}.${name}`, invalidHint(`${parent}.${name}`, value, 'a text'));
  }
  return value;
}

function checkVerifiers(options: WorkspaceAddOnEventOptions): WorkspaceAddOnEventOptions {
  for (const name of ['system', 'user'] as const) {
    const verifier = options?.[name];
    if (typeof verifier?.verify !== 'function' && (name === 'system' || verifier !== undefined)) {
      throw new TypeError(`"${name}" must be a verifier: createGoogleIdTokenVerifier({ audience, callers }).`);
    }
  }
  return options;
}
