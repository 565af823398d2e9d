import { bearerRequest, type SenderRequest, type TokenSource } from './sender-request.ts';
import { signAsService } from './service-account.ts';
import { type WorkspaceAddOnOptions, workspaceAddOn } from './workspace-add-on.ts';

/** Options of `google.from.chat`. */
export interface ChatOptions extends Omit<WorkspaceAddOnOptions, 'hostApp' | 'event'> {
  /** The text of the message. @default 'Hello' */
  readonly text?: string;
  /**
   * An app of the older kind, whose authentication audience is "HTTP endpoint URL": it is called by
   * `chat@system.gserviceaccount.com`, the same account for all apps in the world, and its event has no tokens.
   * @default false: a Workspace add-on, called by the account of the project
   */
  readonly standalone?: boolean;
}

/** @see https://developers.google.com/workspace/chat/verify-requests-from-chat */
export function chat(google: TokenSource, { standalone = false, ...options }: ChatOptions): Promise<SenderRequest> {
  const eventTime = new Date(google.now()).toISOString();
  const space = { name: 'spaces/my-space', type: 'DM' };
  const message = { name: 'spaces/my-space/messages/my-message', text: options.text ?? 'Hello' };
  const { email = 'ada@example.com' } = options;
  const user = { name: 'users/112010400000000710080', displayName: 'Ada Lovelace', email };
  return standalone
    ? standaloneChat(google, options, { type: 'MESSAGE', eventTime, message, space, user })
    : workspaceAddOn(google, {
        ...options,
        hostApp: 'CHAT',
        event: { chat: { eventTime, messagePayload: { message, space }, user } },
      });
}

async function standaloneChat(google: TokenSource, options: ChatOptions, event: object): Promise<SenderRequest> {
  const { serviceAccount = 'chat@system.gserviceaccount.com' } = options;
  const headers = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Google-Dynamite' };
  const signed = await signAsService(google, { ...options, serviceAccount });
  return bearerRequest(signed, { method: 'POST', headers, body: JSON.stringify(event) }, options);
}
