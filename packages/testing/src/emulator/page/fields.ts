/*
 * Parts of the form. All texts are constants of our own.
 */

interface Field {
  readonly id: string;
  readonly label: string;
  /** Under what name it is sent. @default the id */
  readonly name?: string;
  readonly help?: string;
}

export function inputField(field: Field & { readonly value?: string; readonly type?: string }): string {
  const { value = '', type = 'text' } = field;
  const input = `<input type="${type}" value="${value}" spellcheck="false" autocapitalize="off" ${attributes(field)}>`;
  return `<div class="field">${around(field, input)}</div>`;
}

export function selectField(field: Field & { readonly options: string }): string {
  return `<div class="field">${around(field, `<select ${attributes(field)}>${field.options}</select>`)}</div>`;
}

export function checkbox({ id, label, name = id }: Field): string {
  return `<div class="box"><input type="checkbox" id="${id}" name="${name}"><label for="${id}">${label}</label></div>`;
}

/** A field that is there for some senders only. */
export function optional(name: string, field: string): string {
  return `<div data-option="${name}" hidden>${field}</div>`;
}

/** The entries of a `<select>`. */
export function choices(titles: Readonly<Record<string, string>>): string {
  return Object.entries(titles)
    .map(([value, title]) => `<option value="${value}">${title}</option>`)
    .join('');
}

function around({ id, label, help }: Field, control: string): string {
  const about = help === undefined ? '' : `<p class="help" id="${id}-help">${help}</p>`;
  return `<label for="${id}">${label}</label>${control}${about}<p class="problem" id="${id}-problem" hidden></p>`;
}

function attributes({ id, name = id, help }: Field): string {
  const described = help === undefined ? `${id}-problem` : `${id}-help ${id}-problem`;
  return `id="${id}" name="${name}" aria-describedby="${described}"`;
}
