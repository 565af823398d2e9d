import { createGoogleKeySet, subject } from '@id-token-guard/core';
import { requireGoogleIdToken } from '@id-token-guard/fetch';

/** A guard with keys of its own, as in an app of its own, and a handler that says how they are. */
export function guarded(options = {}) {
  const keys = createGoogleKeySet({ url: process.env.KEYS_URL, ...options });
  const guard = requireGoogleIdToken({ audience: 'https://api.example.com', callers: subject('1'), keys });
  return { keys, handle: guard(() => Response.json(keys.status())) };
}
