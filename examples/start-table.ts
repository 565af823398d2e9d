import { styleText } from 'node:util';

/** One call: what was sent, what came back, what should have. */
export interface Row {
  readonly request: string;
  readonly status: number;
  readonly expected: number;
  readonly code: string;
  readonly hint: string;
}

const GAP = '  ';

/** Prints request, status, code and the operator's hint in aligned columns, coloured where the terminal can. */
export function printTable(rows: readonly Row[]): void {
  const width = Math.max(100, process.stdout.columns ?? 120);
  const requestWidth = widest(rows.map(({ request }) => request));
  const codeWidth = widest(rows.map(({ code }) => code));
  const hintWidth = width - requestWidth - 'status'.length - codeWidth - 3 * GAP.length;
  const indent = ' '.repeat(width - hintWidth);

  console.log(
    paint('bold', ['request'.padEnd(requestWidth), 'status', 'code'.padEnd(codeWidth), "operator's hint"].join(GAP)),
  );
  for (const { request, status, expected, code, hint } of rows) {
    const statusText = status === expected ? `${status}   ` : `${status} !!`;
    const [first = '', ...more] = wrap(hint, hintWidth);
    console.log(
      [
        request.padEnd(requestWidth),
        paint(colorOf(status), statusText),
        code.padEnd(codeWidth),
        paint('dim', first),
      ].join(GAP),
    );
    for (const line of more) {
      console.log(indent + paint('dim', line));
    }
  }
  console.log();
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length));
}

function colorOf(status: number): 'green' | 'yellow' | 'red' {
  return status < 400 ? 'green' : status < 500 ? 'yellow' : 'red';
}

/** `styleText` leaves the colours out where the terminal, NO_COLOR or a pipe want none. */
function paint(format: Parameters<typeof styleText>[0], text: string): string {
  return styleText(format, text, { stream: process.stdout });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
