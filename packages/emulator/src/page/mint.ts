import type { SenderRequest, Senders } from '@id-token-guard/testing';
import type { Emulator } from '../emulator.ts';
import type { MintAnswer } from './browser/answers.ts';
import type { SenderName } from './browser/choices.ts';
import { curlLines } from './curl.ts';
import type { Input } from './input.ts';
import { type Order, readOrder } from './order.ts';
import type { TamperWith } from './tamper.ts';

const LIFETIME_SECONDS = 3600;

type Claims = Readonly<Record<string, unknown>>;
type Send = (from: Senders, order: Order, claims: Claims) => Promise<SenderRequest>;

const SEND: Readonly<Record<SenderName, Send>> = {
  pubSub: (from, order, claims) => from.pubSub({ ...serviceOptions(order, claims), ...payloadOption(order) }),
  cloudTasks: (from, order, claims) => from.cloudTasks(serviceOptions(order, claims)),
  cloudScheduler: (from, order, claims) => from.cloudScheduler(serviceOptions(order, claims)),
  workflows: (from, order, claims) => from.workflows(serviceOptions(order, claims)),
  eventarc: (from, order, claims) => from.eventarc(serviceOptions(order, claims)),
  chat: (from, order, claims) => from.chat({ ...serviceOptions(order, claims), standalone: order.standalone }),
  workspaceAddOn: (from, order, claims) => from.workspaceAddOn(serviceOptions(order, claims)),
  dialogflow: (from, order, claims) => from.dialogflow(serviceOptions(order, claims)),
  uptimeCheck: (from, order, claims) => from.uptimeCheck(serviceOptions(order, claims)),
  analytics: (from, order, claims) => from.analytics(serviceOptions(order, claims)),
  firebaseTasks: (from, { url, email }, claims) => from.firebaseTasks({ url, serviceAccount: email, claims }),
  apiGateway: (from, order, claims) =>
    from.apiGateway({ ...serviceOptions(order, claims), includeEmail: order.includeEmail }),
  apigee: (from, order, claims) => from.apigee({ ...codeOptions(order, claims), includeEmail: order.includeEmail }),
  vertexExtension: (from, { url, audience, email }, claims) => {
    const serverUrl = audience === '' ? {} : { serverUrl: audience };
    return from.vertexExtension({ url, ...serverUrl, serviceAccount: email, claims });
  },
  githubActions: (from, order, claims) =>
    from.githubActions({ ...codeOptions(order, claims), includeEmail: order.includeEmail }),
  agent: (from, order, claims) => from.agent(serviceOptions(order, claims)),
  metadataServer: (from, order, claims) =>
    from.metadataServer({
      ...codeOptions(order, claims),
      format: order.format ?? 'standard',
      licenses: order.licenses,
    }),
  impersonation: (from, order, claims) => {
    const { includeEmail, organizationNumberIncluded } = order;
    return from.impersonation({ ...codeOptions(order, claims), includeEmail, organizationNumberIncluded });
  },
  serviceAccountKey: (from, order, claims) => from.serviceAccountKey(codeOptions(order, claims)),
  gcloudImpersonation: (from, order, claims) =>
    from.gcloudImpersonation({ ...codeOptions(order, claims), includeEmail: order.includeEmail }),
  gcloudUser: (from, order, claims) => from.gcloudUser(personOptions(order, claims)),
  signInWithGoogle: (from, order, claims) => {
    const nonce = order.nonce === '' ? {} : { nonce: order.nonce };
    return from.signInWithGoogle({ ...personOptions(order, claims), clientId: order.audience, ...nonce });
  },
  appsScript: (from, order, claims) => from.appsScript({ ...personOptions(order, claims), clientId: order.audience }),
};

/**
 * `POST /page/mint`: the request that a sender makes, with a fresh token, or one that has been tampered with.
 *
 * @throws InputError
 */
export async function mint(emulator: Emulator, tamperWith: TamperWith, input: Input): Promise<MintAnswer> {
  const order = await readOrder(emulator, input);
  const sent = await SEND[order.sender](emulator.google.from, order, claimsInPlace(emulator, order));
  const token = await tamperWith(sent.token, order.tampering);
  const { method, body } = sent;
  const replaced = (text: string) => text.replaceAll(sent.token, token);
  const request = {
    method,
    url: order.url,
    headers: Object.fromEntries(Object.entries(sent.headers).map(([name, value]) => [name, replaced(value)])),
    ...(body === undefined ? {} : { body: replaced(body) }),
  };
  const [header = '', claims = ''] = token.split('.');
  return { token, header: decode(header), claims: decode(claims), request, curl: curlLines(request) };
}

function claimsInPlace({ google }: Emulator, { tampering }: Order): Claims {
  const seconds = Math.floor(google.now() / 1000);
  return tampering === 'expired' ? { iat: seconds - 2 * LIFETIME_SECONDS, exp: seconds - LIFETIME_SECONDS } : {};
}

function serviceOptions({ url, audience, email }: Order, claims: Claims) {
  return { url, ...(audience === '' ? {} : { audience }), serviceAccount: email, claims };
}

function codeOptions({ audience, email }: Order, claims: Claims) {
  return { audience, serviceAccount: email, claims };
}

function personOptions({ email, hostedDomain }: Order, claims: Claims) {
  return { email, ...(hostedDomain === '' ? {} : { hostedDomain }), claims };
}

function payloadOption({ payload = 'wrapped' }: Order) {
  return payload === 'wrapped' ? {} : { noWrapper: { writeMetadata: payload === 'unwrapped_with_metadata' } };
}

function decode(segment: string): Claims {
  return JSON.parse(Buffer.from(segment, 'base64url').toString());
}
