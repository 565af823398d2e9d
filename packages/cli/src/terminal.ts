import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Prints one line on standard output. */
export function printLine(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Prints JSON in which nothing can steer a terminal: all but printable ASCII is escaped, which is JSON all the same. */
export function printJson(value: unknown, indent = 2): void {
  printLine(jsonOf(value, indent).replace(/[^ -~\n]/g, escapeUnit));
}

/** Nothing of Google's is nested deeper than three times. What anybody can write would else exhaust the stack. */
const MAX_LEVELS = 32;

/** JSON of what somebody else wrote, down to a certain depth. */
export function jsonOf(value: unknown, indent = 0): string {
  return JSON.stringify(shallow(value, MAX_LEVELS), null, indent);
}

function shallow(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (levels === 0) {
    return `(nested more than ${MAX_LEVELS} levels deep)`;
  }
  return Array.isArray(value)
    ? value.map((each) => shallow(each, levels - 1))
    : Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shallow(each, levels - 1)]));
}

/** Prints one line on standard error. */
export function printError(message: string): void {
  process.stderr.write(`id-token-guard: ${message.replace(/\s+/g, ' ').replace(/\p{C}/gu, printable)}\n`);
}

/** Colours text where standard output is a terminal that wants colours (NO_COLOR, FORCE_COLOR). */
export function paint(format: Format, text: string): string {
  return styleText(format, text, { stream: process.stdout });
}

/** Text that somebody else wrote, with whatever could steer a terminal, or is not to be seen in it, made visible. */
export function printable(text: string): string {
  return text.replace(/[^ -~\u00a1-\u00ac\u00ae-\u024f]/g, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Prints rows of a name and a value, aligned. */
export function printFields(fields: readonly (readonly [name: string, value: string])[]): void {
  const width = Math.max(0, ...fields.map(([name]) => name.length));
  for (const [name, value] of fields) {
    printLine(`  ${paint('dim', name.padEnd(width))}  ${value}`);
  }
}

const LINE_WIDTH = 100;

/** Breaks a long text at spaces. */
export function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < LINE_WIDTH - indent.length) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines.map((line) => indent + line).join('\n');
}
