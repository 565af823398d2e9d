export { GoogleCaller, GoogleIdTokenParam, googleIdToken } from './caller.ts';
export { GoogleIdTokenException } from './exception.ts';
export { GoogleIdTokenFilter } from './filter.ts';
export {
  type AdapterOptions,
  GoogleIdTokenGuard,
  type HttpGuard,
  type OnRefused,
  type OptionalAdapterOptions,
  requireGoogleIdToken,
} from './guard.ts';
export {
  GoogleIdTokenModule,
  type GoogleIdTokenModuleAsyncOptions,
  type GoogleIdTokenModuleOptions,
} from './module.ts';
export { Public } from './public.ts';
