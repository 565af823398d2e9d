import { type PersonOptions, signAsPerson } from './people.ts';
import { plainRequest, type SenderRequest, type TokenSource } from './sender-request.ts';
import { type ServiceAgentOptions, signAsAgent } from './service-agent.ts';

/** Options of `google.from.workspaceAddOn`: of a Google Workspace add-on with an HTTP endpoint. */
export interface WorkspaceAddOnOptions extends ServiceAgentOptions, Pick<PersonOptions, 'email' | 'hostedDomain'> {
  /** Where the person uses the add-on. @default 'GMAIL' */
  readonly hostApp?: 'GMAIL' | 'CALENDAR' | 'DRIVE' | 'DOCS' | 'SHEETS' | 'SLIDES' | 'CHAT';
  /** What stands in the body beside `commonEventObject` and `authorizationEventObject`. @default a message of Gmail */
  readonly event?: object;
  /** The OAuth client id of the add-on, the audience of the person's token. @default '1234567890-addon.apps.googleusercontent.com' */
  readonly clientId?: string;
  /**
   * `httpOptions.authorizationHeader` of the manifest: the token of Google's account, that of the person, or none. `token`
   * and `claims` of the request are those of the header; with `NONE`, those of `systemIdToken`.
   * @default 'SYSTEM_ID_TOKEN'
   */
  readonly authorizationHeader?: 'SYSTEM_ID_TOKEN' | 'USER_ID_TOKEN' | 'NONE';
}

const MESSAGE_OF_GMAIL = { gmail: { messageId: 'msg-f:1', threadId: 'thread-f:1' } };

/**
 * @see https://developers.google.com/workspace/add-ons/guides/alternate-runtimes
 * @see https://developers.google.com/workspace/add-ons/concepts/event-objects
 */
export async function workspaceAddOn(google: TokenSource, options: WorkspaceAddOnOptions): Promise<SenderRequest> {
  const {
    authorizationHeader = 'SYSTEM_ID_TOKEN',
    hostApp = 'GMAIL',
    event = MESSAGE_OF_GMAIL,
    claims,
    ...rest
  } = options;
  const isOfPerson = authorizationHeader === 'USER_ID_TOKEN';
  // Claims that a test changes are those of the token that a guard sees.
  const system = await signAsAgent(google, 'gcp-sa-gsuiteaddons', {
    ...rest,
    ...(claims && !isOfPerson && { claims }),
  });
  const { clientId = '1234567890-addon.apps.googleusercontent.com', email, hostedDomain } = options;
  const person = await signAsPerson(google, clientId, {
    ...(email && { email }),
    ...(hostedDomain && { hostedDomain }),
    ...(claims && isOfPerson && { claims }),
  });
  const signed = isOfPerson ? person : system;
  const body = {
    authorizationEventObject: {
      systemIdToken: system.token,
      userIdToken: person.token,
      userOAuthToken: `ya29.fake.${crypto.randomUUID()}`,
    },
    commonEventObject: { hostApp, platform: 'WEB', timeZone: { id: 'Etc/UTC', offset: 0 }, userLocale: 'en' },
    ...event,
  };
  const headers = {
    authorization: authorizationHeader === 'NONE' ? undefined : `Bearer ${signed.token}`,
    'content-type': 'application/json; charset=utf-8',
    'user-agent': hostApp === 'CHAT' ? 'Google-Dynamite' : 'Google-gsuiteaddons',
  };
  return plainRequest(signed, { method: 'POST', headers, body: JSON.stringify(body) }, options);
}
