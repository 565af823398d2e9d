import type { SenderChoice } from './choices.ts';
import { find } from './elements.ts';
import { chosenSender } from './request-form.ts';

const acceptedAudience: HTMLInputElement = find('#accepted-audience');
const callers: HTMLInputElement = find('#callers');

/** What a person has typed into stays as it is. */
const typed = new Set<EventTarget>();

for (const field of [acceptedAudience, callers]) {
  field.addEventListener('input', () => typed.add(field));
}

/** Lets the service accept what is sent, where nobody has said otherwise. */
export function followRequest(): void {
  const audience = find<HTMLInputElement>('#audience').value.trim();
  const url = find<HTMLInputElement>('#url').value.trim();
  const kind = chosenSender().audience;
  // No service should accept the audience that all gcloud users share just because somebody sends it.
  if (kind !== 'gcloud') {
    follow(acceptedAudience, audience === '' || kind === 'fixed' ? defaultAudience(kind, url) : audience);
  }
  follow(callers, find<HTMLInputElement>('#email').value.trim());
}

function defaultAudience(kind: SenderChoice['audience'], url: string): string {
  return kind === 'origin' && URL.canParse(url) ? new URL(url).origin : url;
}

function follow(field: HTMLInputElement, value: string): void {
  if (!typed.has(field)) {
    field.value = value;
  }
}
