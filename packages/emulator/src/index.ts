export type { ForwardOptions } from './forward/forward-path.ts';
export { type FakeGoogleServer, type ListenOptions, listen } from './listen.ts';
export type { ServiceAccountKey } from './service-accounts.ts';
export { type LocalGoogle, type LocalGoogleOptions, startLocalGoogle } from './start-local-google.ts';
