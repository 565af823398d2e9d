import type { Emulator } from '../emulator.ts';
import { PAYLOADS, type Payload, SENDERS, type SenderName, TAMPERINGS, type Tampering } from './browser/choices.ts';
import { boxField, type Input, InputError, nameField, textField } from './input.ts';

/** A request that somebody wants to see. */
export interface Order {
  readonly sender: SenderName;
  readonly url: string;
  /** Empty: that of the sender. */
  readonly audience: string;
  readonly email: string;
  readonly format: Format | undefined;
  readonly licenses: boolean;
  readonly includeEmail: boolean;
  readonly organizationNumberIncluded: boolean;
  readonly standalone: boolean;
  readonly hostedDomain: string;
  readonly nonce: string;
  readonly payload: Payload | undefined;
  readonly tampering: Tampering | undefined;
}

const FORMATS = { standard: true, full: true } as const;
type Format = keyof typeof FORMATS;

/** @throws InputError */
export async function readOrder(emulator: Emulator, input: Input): Promise<Order> {
  const sender = nameField(input, 'sender', SENDERS);
  if (sender === undefined) {
    throw new InputError('sender', 'The sender is needed.');
  }
  return {
    sender,
    url: readUrl(input),
    audience: readAudience(input, sender),
    email: await readEmail(emulator, input, sender),
    format: nameField(input, 'format', FORMATS),
    licenses: boxField(input, 'licenses'),
    includeEmail: boxField(input, 'includeEmail'),
    organizationNumberIncluded: boxField(input, 'organizationNumberIncluded'),
    standalone: boxField(input, 'standalone'),
    hostedDomain: textField(input, 'hostedDomain'),
    nonce: textField(input, 'nonce'),
    payload: nameField(input, 'payload', PAYLOADS),
    tampering: nameField(input, 'tampering', TAMPERINGS),
  };
}

function readUrl(input: Input): string {
  const url = textField(input, 'url');
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new InputError('url', 'The URL of your service must begin with http:// or https://.');
  }
  return url;
}

function readAudience(input: Input, sender: SenderName): string {
  const audience = textField(input, 'audience');
  const kind = SENDERS[sender].audience;
  if (audience === '' && (kind === 'given' || kind === 'client')) {
    throw new InputError('audience', 'The audience is needed: who asks for the token must say whom it is for.');
  }
  return audience;
}

async function readEmail({ accounts }: Emulator, input: Input, sender: SenderName): Promise<string> {
  const email = textField(input, 'email');
  const account = await accounts.find(email);
  if (SENDERS[sender].identity === 'person') {
    if (account !== undefined || !/^[^\s@]+@[^\s@]+$/.test(email)) {
      throw new InputError('email', 'The identity must be the e-mail of a person.');
    }
    return email;
  }
  if (account === undefined) {
    throw new InputError('email', 'The identity must be the e-mail of a service account: …@….gserviceaccount.com.');
  }
  return account;
}
