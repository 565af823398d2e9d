/*
 * Counts how often a signature is verified, where it happens: in `crypto.verify` of Node.js or in Web Cryptography.
 */
import nodeCrypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { vi } from 'vitest';

const spies = [vi.spyOn(nodeCrypto, 'verify'), vi.spyOn(crypto.subtle, 'verify')];
syncBuiltinESMExports();

/** How many signatures were verified since {@link forgetSignatureChecks}. */
export function signatureChecks(): number {
  return spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
}

export function forgetSignatureChecks(): void {
  for (const spy of spies) {
    spy.mockClear();
  }
}
