import type { Problem } from './answers.ts';
import { find } from './elements.ts';

export type Values = Readonly<Record<string, string | boolean>>;

/** What is in the fields that are shown. */
export function valuesOf(form: HTMLFormElement): Values {
  const fields = Array.from(form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select'));
  return Object.fromEntries(
    fields
      .filter((field) => field.closest('[hidden]') === null)
      .map((field) => [field.name, field.type === 'checkbox' ? (field as HTMLInputElement).checked : field.value]),
  );
}

/** Says at its field what is wrong; without a problem, that nothing is. */
export function showProblem(form: HTMLFormElement, problem?: Problem): void {
  for (const text of form.querySelectorAll<HTMLElement>('.problem')) {
    const field = find<HTMLInputElement>(`#${text.id.replace('-problem', '')}`);
    const isWrong = field.name === problem?.field;
    field.setAttribute('aria-invalid', String(isWrong));
    text.hidden = !isWrong;
    text.textContent = isWrong ? problem.error : '';
  }
}
