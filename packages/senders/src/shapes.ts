import { isJsonObject } from './json.ts';

/** What a value looks like, in words that have nothing of it. */
export function shapeOf(value: unknown): string {
  if (typeof value === 'string') {
    return textShapeOf(value);
  }
  if (Array.isArray(value)) {
    return `a list of ${value.length}`;
  }
  if (value === undefined || value === null) {
    return 'missing';
  }
  return isJsonObject(value) ? 'an object' : `a ${typeof value}`;
}

function textShapeOf(text: string): string {
  const { length } = text;
  if (/^\d+$/.test(text)) {
    return `a text of ${length} ${length === 1 ? 'digit' : 'digits'}`;
  }
  const what = text.includes(',') ? 'a text with a comma' : 'a text';
  return `${what}, ${length} ${length === 1 ? 'character' : 'characters'} long`;
}

/** A sentence for the operator: what a field is, and what it should be. */
export function invalidHint(field: string, value: unknown, expected: string): string {
  return `${field} is ${shapeOf(value)}, expected ${expected}.`;
}
