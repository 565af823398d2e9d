/*
 * How a client may write a token down, as data.
 */
import type { GoogleIdTokenErrorCode } from '@id-token-guard/core';

/** Header lines around two good tokens. What is here is written to the socket as it is. */
export type Lines = (token: string, otherToken: string) => string[];

/** RFC 9110 §11.4: the scheme is case-insensitive; §5.5: white space around a value does not belong to it. */
export const GOOD_LINES: Record<string, Lines> = {
  'as everybody writes it': (token) => [`Authorization: Bearer ${token}`],
  'with a lower-case scheme': (token) => [`Authorization: bearer ${token}`],
  'with an upper-case scheme': (token) => [`Authorization: BEARER ${token}`],
  'with several spaces before the token': (token) => [`Authorization: Bearer    ${token}`],
  'with a header name in odd case': (token) => [`aUTHORIZATION: Bearer ${token}`],
  'with a tab before the value': (token) => [`Authorization:\tBearer ${token}`],
  'without a space after the colon': (token) => [`Authorization:Bearer ${token}`],
  'with white space after the token': (token) => [`Authorization: Bearer ${token} \t `],
  'beside credentials for a proxy': (token) => ['Proxy-Authorization: Basic dTpw', `Authorization: Bearer ${token}`],
};

export const REFUSED_LINES: Partial<Record<GoogleIdTokenErrorCode, Record<string, Lines>>> = {
  request_invalid: {
    'two Bearer headers': (one, other) => [`Authorization: Bearer ${one}`, `Authorization: Bearer ${other}`],
    'two identical headers': (token) => [`Authorization: Bearer ${token}`, `Authorization: Bearer ${token}`],
    'two headers whose names differ by case': (token) => [`authorization: Bearer ${token}`, 'AUTHORIZATION: Bearer x'],
    'Bearer, then Basic': (token) => [`Authorization: Bearer ${token}`, 'Authorization: Basic dTpw'],
    'Basic, then Bearer': (token) => ['Authorization: Basic dTpw', `Authorization: Bearer ${token}`],
    'an empty header, then Bearer': (token) => ['Authorization:', `Authorization: Bearer ${token}`],
    'Bearer, then an empty header': (token) => [`Authorization: Bearer ${token}`, 'Authorization:'],
    'two empty headers': () => ['Authorization:', 'Authorization:'],
    'two headers apart from each other': (token) => [
      `Authorization: Bearer ${token}`,
      'Accept: */*',
      'Authorization: Bearer x',
    ],
    'two credentials in one header': (one, other) => [`Authorization: Bearer ${one}, Bearer ${other}`],
    'Basic and Bearer in one header': (token) => [`Authorization: Basic dTpw, Bearer ${token}`],
    'a comma after the token': (token) => [`Authorization: Bearer ${token},`],
    'the scheme alone': () => ['Authorization: Bearer'],
    'the scheme and spaces': () => ['Authorization: Bearer     '],
    'two words after the scheme': (one, other) => [`Authorization: Bearer ${one} ${other}`],
    'the scheme twice': (token) => [`Authorization: Bearer Bearer ${token}`],
    'a tab between scheme and token': (token) => [`Authorization: Bearer\t${token}`],
    'a no-break space between scheme and token': (token) => [`Authorization: Bearer\xa0${token}`],
    'a no-break space after the token': (token) => [`Authorization: Bearer ${token}\xa0`],
    'a colon after the scheme': (token) => [`Authorization: Bearer: ${token}`],
  },
  token_missing: {
    'no header': () => [],
    'an empty header': () => ['Authorization:'],
    'another scheme': () => ['Authorization: Basic dTpw'],
    'a token without a scheme': (token) => [`Authorization: ${token}`],
    'another scheme that takes tokens': (token) => [`Authorization: DPoP ${token}`],
    'a scheme that begins like Bearer': (token) => [`Authorization: Bearers ${token}`],
    'no space between scheme and token': (token) => [`Authorization: Bearer${token}`],
    'a token in a header that was not chosen': (token) => [`X-Serverless-Authorization: Bearer ${token}`],
    'a token for a proxy': (token) => [`Proxy-Authorization: Bearer ${token}`],
    'a token in a cookie': (token) => [`Cookie: authorization=Bearer ${token}; access_token=${token}`],
  },
  token_malformed: {
    'a token in quotes': (token) => [`Authorization: Bearer "${token}"`],
    'bytes above ASCII in the token': (token) => [`Authorization: Bearer ${token}\xe9`],
  },
};

/** Node.js itself answers these, before any framework sees them: RFC 9112 §5.2 (line folding), RFC 9110 §5.5. */
export const STOPPED_LINES: Record<string, Lines> = {
  'a folded line between scheme and token': (token) => ['Authorization: Bearer', ` ${token}`],
  'a folded line after the token': (token) => [`Authorization: Bearer ${token}`, '\tx'],
  'a space before the colon': (token) => [`Authorization : Bearer ${token}`],
  'a NUL in the value': (token) => [`Authorization: Bearer ${token}\0`],
  'a bare carriage return in the value': (token) => [`Authorization: Bearer ${token}\rX-Other: x`],
};
