import { bearerRequest, type SenderRequest, type ServiceOptions, type TokenSource } from './sender-request.ts';
import { signAsService } from './service-account.ts';

/** Options of `google.from.chat`: of a Chat app whose authentication audience is "HTTP endpoint URL". */
export interface ChatOptions extends ServiceOptions {
  /** The account that calls, Google's own. @default 'chat@system.gserviceaccount.com' */
  readonly serviceAccount?: string;
  /** The interaction event, JSON. @default a message */
  readonly body?: string;
}

/** @see https://developers.google.com/workspace/chat/verify-requests-from-chat */
export async function chat(google: TokenSource, options: ChatOptions): Promise<SenderRequest> {
  const signed = await signAsService(google, { serviceAccount: 'chat@system.gserviceaccount.com', ...options });
  const headers = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Google-Dynamite' };
  return bearerRequest(signed, { method: 'POST', headers, body: options.body ?? messageEvent(google.now()) }, options);
}

function messageEvent(now: number): string {
  return JSON.stringify({
    type: 'MESSAGE',
    eventTime: new Date(now).toISOString(),
    message: { name: 'spaces/my-space/messages/my-message', text: 'Hello' },
    space: { name: 'spaces/my-space' },
    user: { name: 'users/112010400000000710080', displayName: 'Ada Lovelace', email: 'ada@example.com' },
  });
}
