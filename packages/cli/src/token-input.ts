import { UsageError } from './usage.ts';

/** Finds the token in what people paste: an argument, a header line, or standard input with either. */
export async function readToken(argument: string | undefined, header: string | undefined): Promise<string> {
  const text = header ?? argument ?? (await readStandardInput());
  const token = text.trim().replace(/^(?:(?:x-serverless-)?authorization:\s*)?bearer\s+/i, '');
  if (token === '') {
    throw new UsageError('No token: give it as argument, with --header, or on standard input.');
  }
  return token;
}

async function readStandardInput(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new UsageError('No token: give it as argument, with --header, or on standard input.');
  }
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk;
  }
  return text;
}
