/** A piece of a token this long is enough to know the token by, and no word of ours. */
const PIECE_LENGTH = 12;

/** The pieces of a token, or of a whole header value, that stand in what was shown to somebody. */
export function piecesIn(shown: string, input: string): string[] {
  const shownPieces = new Set(piecesOf(shown));
  return input.split('.').flatMap((segment) => piecesOf(segment).filter((piece) => shownPieces.has(piece)));
}

function piecesOf(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - PIECE_LENGTH + 1) }, (_, start) =>
    text.slice(start, start + PIECE_LENGTH),
  );
}

/** The texts in header and claims of a token that stand in what was shown, but for those that a hint may name. */
export function valuesIn(shown: string, input: string): string[] {
  const [header, claims] = input.split('.', 2).map(readObject);
  const { iss, aud, email, ...secretClaims } = claims ?? {};
  const { kid, ...secretHeader } = header ?? {};
  const namable = textsOf([iss, aud, email, looksLikeKeyId(kid) ? kid : '']);
  return textsOf([secretHeader, secretClaims, looksLikeKeyId(kid) ? '' : kid])
    .filter((text) => text.length >= PIECE_LENGTH && !namable.some((other) => other.includes(text)))
    .filter((text) => shown.includes(text) || shown.includes(JSON.stringify(text).slice(1, -1)));
}

/** The shape that an event may repeat: Google's ids are 40 hex digits. */
function looksLikeKeyId(kid: unknown): boolean {
  return typeof kid === 'string' && /^[\w-]{1,64}$/.test(kid);
}

function readObject(segment: string): { [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString());
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** All texts in a value, however deep: hostile ones are deeper than a recursion could follow. */
function textsOf(root: unknown): string[] {
  const texts: string[] = [];
  const values = [root];
  for (const value of values) {
    if (typeof value === 'string') {
      texts.push(value);
    } else if (typeof value === 'object' && value !== null) {
      values.push(...Object.values(value));
    }
  }
  return texts;
}
