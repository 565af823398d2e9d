import { find } from './elements.ts';

/** Lets the buttons copy what is in their text areas. */
export function enableCopying(): void {
  for (const button of document.querySelectorAll<HTMLElement>('[data-copy]')) {
    const id = button.dataset['copy'];
    button.addEventListener('click', () => copy(find(`#${id}`), find(`#${id}-copied`)));
  }
}

/** Puts another text into a text area: it has not been copied yet. */
export function showCopyable(id: string, text: string): void {
  const area = find<HTMLTextAreaElement>(`#${id}`);
  if (area.value !== text) {
    area.value = text;
    find(`#${id}-copied`).textContent = '';
  }
}

async function copy(area: HTMLTextAreaElement, status: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(area.value);
    status.textContent = 'Copied';
  } catch {
    area.focus();
    area.select();
    status.textContent = 'The browser does not let the page copy. It is selected: copy it with the keyboard.';
  }
}
