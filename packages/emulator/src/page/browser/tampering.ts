import type { Tampering } from './choices.ts';

const buttons = Array.from(document.querySelectorAll<HTMLButtonElement>('[data-tampering]'));

/** What is done to the token: the button that is pressed. */
export function chosenTampering(): Tampering | undefined {
  return buttons.find(isPressed)?.dataset['tampering'] as Tampering | undefined;
}

/** A button that is pressed again lets go, and of several the last one counts. */
export function enableTampering(changed: () => void): void {
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const pressed = isPressed(button) ? undefined : button;
      for (const each of buttons) {
        each.setAttribute('aria-pressed', String(each === pressed));
      }
      changed();
    });
  }
}

function isPressed(button: HTMLButtonElement): boolean {
  return button.getAttribute('aria-pressed') === 'true';
}
