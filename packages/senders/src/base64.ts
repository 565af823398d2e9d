const FOREIGN_CHARACTER = /[^A-Za-z0-9+/]/;

// RFC 4648 §3.5: the bits that are left over before padding must be zero.
const LAST_QUANTUM = /^(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)$/;

/**
 * Decodes base64 as RFC 4648 §4 has it: the standard alphabet, with padding, without white space; `undefined` for
 * anything else. `atob` alone takes much more than that.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text === '') {
    return new Uint8Array();
  }
  // Two simple expressions: one over all groups of four would need a stack as deep as the text is long.
  if (text.length % 4 !== 0 || FOREIGN_CHARACTER.test(text.slice(0, -4)) || !LAST_QUANTUM.test(text.slice(-4))) {
    return undefined;
  }
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) {
    bytes[index] = binary.charCodeAt(index);
  }
  return bytes;
}
