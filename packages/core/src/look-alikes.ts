/** Tokens that people take for Google ID tokens, told by their issuer: what each is, and what to send in its place. */
const LOOK_ALIKES: readonly (readonly [issuer: RegExp, what: string])[] = [
  [
    /^https:\/\/(securetoken|session\.firebase)\.google\.com\//,
    'a Firebase token, signed with other keys. Verify it with Firebase, or let the client send a Google ID token.',
  ],
  [/^https:\/\/firebaseappcheck\.googleapis\.com\//, 'a token of Firebase App Check. Verify it with Firebase.'],
  [
    /^https:\/\/cloud\.google\.com\/iap$/,
    'an assertion of Identity-Aware Proxy (ES256, other keys, header x-goog-iap-jwt-assertion), not a Google ID token.',
  ],
  [
    /^https:\/\/sts\.googleapis\.com\//,
    "an agent identity token, which cannot be verified with Google's keys. Let the agent impersonate a service account and call generateIdToken.",
  ],
  [
    /^https:\/\/confidentialcomputing\.googleapis\.com\/?$/,
    'an attestation of Confidential Space, signed with other keys.',
  ],
  [
    /^https:\/\/container\.googleapis\.com\//,
    'a token of a Kubernetes service account. Let the workload ask its metadata server for a Google ID token.',
  ],
  [/^https:\/\/www\.googleapis\.com\/robot\//, 'a token of Google Cloud Marketplace, signed with other keys.'],
  [
    /^https:\/\/([^/]+\.)?(s3nsapis\.fr|apis-[^/]+\.goog)(\/|$)/,
    'a token of a sovereign cloud (another universe domain), which is not supported.',
  ],
  [
    /^gsuitecse-tokenissuer-\w+@system\.gserviceaccount\.com$/,
    'a token of Workspace client-side encryption, signed with other keys.',
  ],
  [
    /^chat@system\.gserviceaccount\.com$/,
    'a token that Google Chat signed itself. Set the authentication audience of the Chat app to "HTTP endpoint URL" to get a Google ID token.',
  ],
  [/@system\.gserviceaccount\.com$/, 'a token that a service of Google signed itself, with other keys.'],
];

/** What a token of this issuer is, in a sentence that begins behind "this is"; `undefined` for an unknown issuer. */
export function lookAlike(issuer: string): string | undefined {
  return LOOK_ALIKES.find(([pattern]) => pattern.test(issuer))?.[1];
}
