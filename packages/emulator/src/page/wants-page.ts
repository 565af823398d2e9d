/**
 * Whether whoever asks for `/` is a browser, not a client library that looks for the metadata server.
 *
 * Libraries send `Metadata-Flavor`, which no browser does; that of Java asks for `text/html` as well, since Java does.
 *
 * @see RFC 9110 §12.5.1
 */
export function wantsPage({ headers }: Request): boolean {
  if (headers.has('metadata-flavor')) {
    return false;
  }
  const accepted = (headers.get('accept') ?? '').split(',').map(readRange);
  const best = Math.max(...accepted.map(({ quality }) => quality));
  return best > 0 && accepted.some(({ type, quality }) => type === 'text/html' && quality === best);
}

function readRange(range: string): { type: string; quality: number } {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
}
