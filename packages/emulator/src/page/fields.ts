/*
 * Parts of the form.
 */
import { html } from 'hono/html';

/** HTML that is ready: text in it has been escaped. */
export type Html = ReturnType<typeof html>;

interface Field {
  readonly id: string;
  readonly label: string | Html;
  /** Under what name it is sent. @default the id */
  readonly name?: string;
  readonly help?: string | Html;
}

export function inputField(field: Field & { readonly value?: string; readonly type?: string }): Html {
  const { value = '', type = 'text' } = field;
  const input = html`<input type="${type}" value="${value}" spellcheck="false" autocapitalize="off" ${attributes(field)}>`;
  return html`<div class="field">${around(field, input)}</div>`;
}

export function selectField(field: Field & { readonly options: Html | Html[] }): Html {
  return html`<div class="field">${around(field, html`<select ${attributes(field)}>${field.options}</select>`)}</div>`;
}

export function checkbox({ id, label, name = id }: Field): Html {
  return html`<div class="box"><input type="checkbox" id="${id}" name="${name}"><label for="${id}">${label}</label></div>`;
}

/** A field that is there for some senders only. */
export function optional(name: string, field: Html): Html {
  return html`<div data-option="${name}" hidden>${field}</div>`;
}

/** The entries of a `<select>`. */
export function choices(titles: Readonly<Record<string, string>>): Html[] {
  return Object.entries(titles).map(([value, title]) => html`<option value="${value}">${title}</option>`);
}

function around({ id, label, help }: Field, control: Html): Html {
  const about = help === undefined ? '' : html`<p class="help" id="${id}-help">${help}</p>`;
  return html`<label for="${id}">${label}</label>${control}${about}<p class="problem" id="${id}-problem" hidden></p>`;
}

function attributes({ id, name = id, help }: Field): Html {
  const described = help === undefined ? `${id}-problem` : `${id}-help ${id}-problem`;
  return html`id="${id}" name="${name}" aria-describedby="${described}"`;
}
