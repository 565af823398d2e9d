import { UsageError } from './usage.ts';

/** A guard takes 16 KiB; beyond this there is nothing to explain. */
const MAX_LENGTH = 64 * 1024;

/**
 * Finds the token in what people paste: an argument, a header line, or standard input with either.
 *
 * @throws UsageError where there is none, or another kind of credential
 */
export async function readToken(argument: string | undefined, header: string | undefined): Promise<string> {
  if (argument !== undefined && header !== undefined) {
    throw new UsageError('Give the token as argument or with --header, not both.');
  }
  const text = (argument ?? header ?? (await readStandardInput())).trim();
  const credentials = text.replace(/^(?:x-serverless-)?authorization:\s*/i, '');
  const token = credentials.replace(/^bearer(?:\s+|$)/i, '');
  if (credentials !== text && token === credentials && credentials !== '') {
    throw new UsageError('The header has another scheme than Bearer: there is no ID token in it.');
  }
  if (token === '') {
    throw noToken();
  }
  return token;
}

async function readStandardInput(): Promise<string> {
  if (process.stdin.isTTY) {
    throw noToken();
  }
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MAX_LENGTH) {
      throw new UsageError('Standard input is longer than 64 KiB: that is no token.');
    }
  }
  return text;
}

function noToken(): UsageError {
  return new UsageError('There is no token: give it as argument, with --header, or on standard input.');
}
