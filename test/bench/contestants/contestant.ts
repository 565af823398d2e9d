/** Verifies a token: resolves or returns where it is good, rejects or throws where it is not. */
export type Verify = (token: string) => unknown;
