import type { MintAnswer } from './browser/answers.ts';

/** A request as a command for a POSIX shell, with exactly these headers. */
export function curlLines({ method, url, headers, body }: MintAnswer['request']): string {
  // curl takes brackets and braces in a URL for a list of URLs.
  const glob = /[[\]{}]/.test(url) ? ['--globoff'] : [];
  const lines = [['curl', '--include', ...glob, quote(url)].join(' ')];
  for (const [name, value] of Object.entries(headers)) {
    lines.push(`--header ${quote(`${name}: ${value}`)}`);
  }
  if (method !== 'GET') {
    if (headers['content-type'] === undefined) {
      // Else curl says that it is a form.
      lines.push("--header 'content-type:'");
    }
    lines.push(`--request ${method} --data-raw ${quote(body ?? '')}`);
  }
  return lines.join(' \\\n  ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
