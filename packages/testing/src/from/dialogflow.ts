import { bearerRequest, type SenderRequest, type TokenSource } from './sender-request.ts';
import { type ServiceAgentOptions, signAsAgent } from './service-agent.ts';

/**
 * Options of `google.from.dialogflow`: of a webhook or tool of Dialogflow CX that authenticates with an ID token of the
 * service agent. Google does not document the audience: here it is the URL, unless you give another.
 */
export interface DialogflowOptions extends ServiceAgentOptions {
  /** The tag of the fulfillment. @default 'my-tag' */
  readonly tag?: string;
  /** The request, JSON. @default a turn of a conversation, for the tag */
  readonly body?: string;
}

/** @see https://cloud.google.com/dialogflow/cx/docs/concept/webhook */
export async function dialogflow(google: TokenSource, options: DialogflowOptions): Promise<SenderRequest> {
  const body = options.body ?? turnOfConversation(options.tag ?? 'my-tag');
  const headers = { 'content-type': 'application/json' };
  return bearerRequest(
    await signAsAgent(google, 'gcp-sa-dialogflow', options),
    { method: 'POST', headers, body },
    options,
  );
}

function turnOfConversation(tag: string): string {
  return JSON.stringify({
    detectIntentResponseId: crypto.randomUUID(),
    fulfillmentInfo: { tag },
    languageCode: 'en',
    sessionInfo: {
      session: 'projects/my-project/locations/global/agents/my-agent/sessions/my-session',
      parameters: {},
    },
    text: 'Hello',
  });
}
