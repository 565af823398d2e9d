import {
  DEFAULT_AUDIENCE,
  DEFAULT_CLIENT_ID,
  SENDERS,
  type SenderChoice,
  type SenderName,
  STANDALONE_CHAT,
} from './choices.ts';
import { find } from './elements.ts';

const sender: HTMLSelectElement = find('#sender');
const audience: HTMLInputElement = find('#audience');
const email: HTMLInputElement = find('#email');
const format: HTMLSelectElement = find('#format');
const standalone: HTMLInputElement = find('#standalone');

const AUDIENCE_HELP: Readonly<Record<SenderChoice['audience'], string>> = {
  url: 'Empty: the URL, all of it, as Google does where nobody configures one.',
  origin: 'Empty: scheme and host of the URL.',
  given: 'Who asks for the token chooses it.',
  client: 'The id of an OAuth client, such as your web application.',
  fixed: '',
  gcloud: '',
};

const EMAIL_HELP: Readonly<Record<SenderChoice['identity'], string>> = {
  account: 'The e-mail of a service account.',
  agent: 'An account of Google’s own.',
  person: 'The e-mail of a person.',
};

const showAudience = keepingValues(audience);
const showEmail = keepingValues(email);

export function chosenSender(): SenderChoice {
  return SENDERS[sender.value as SenderName];
}

/** Shows the fields of the sender, and hides all others. */
export function showFields(): void {
  const chosen = chosenSender();
  find('#sender-help').textContent = chosen.about;
  const isClient = chosen.audience === 'client';
  find('label[for=audience]').textContent = isClient ? 'Client id' : 'Audience';
  find('#audience-help').textContent = AUDIENCE_HELP[chosen.audience];
  showAudience(isClient ? 'client' : 'service', isClient ? DEFAULT_CLIENT_ID : DEFAULT_AUDIENCE);
  find('.field:has(#audience)').hidden = ['fixed', 'gcloud'].includes(chosen.audience);
  find('#email-help').textContent = EMAIL_HELP[chosen.identity];
  const email = standalone.checked && chosen.options.includes('standalone') ? STANDALONE_CHAT : chosen.email;
  showEmail(email, email);
  for (const option of document.querySelectorAll<HTMLElement>('[data-option]')) {
    const needsFull = option.dataset['option'] === 'licenses' && format.value !== 'full';
    option.hidden = needsFull || !chosen.options.some((name) => name === option.dataset['option']);
  }
}

/** One field for several kinds of values: what was typed for one kind comes back with it. */
function keepingValues(field: HTMLInputElement): (kind: string, fallback: string) => void {
  const kept = new Map<string, string>();
  let shown: string | undefined;
  return (kind, fallback) => {
    if (shown !== undefined && shown !== kind) {
      kept.set(shown, field.value);
      field.value = kept.get(kind) ?? fallback;
    }
    shown = kind;
  };
}
