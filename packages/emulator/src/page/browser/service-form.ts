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
  // No service should accept the audience that all gcloud users share just because somebody sends it.
  if (chosenSender().audience !== 'gcloud') {
    follow(acceptedAudience, audience === '' ? url : audience);
  }
  follow(callers, find<HTMLInputElement>('#email').value.trim());
}

function follow(field: HTMLInputElement, value: string): void {
  if (!typed.has(field)) {
    field.value = value;
  }
}
