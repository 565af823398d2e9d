import type {
  GoogleIdTokenVerifier,
  GoogleIdTokenVerifierOptions,
  GuardArguments,
  OptionalGuardArguments,
} from '@id-token-guard/core';
import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata, type Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { GoogleIdTokenFilter } from './filter.ts';
import {
  type AdapterOptions,
  GoogleIdTokenGuard,
  GUARD,
  type OnRefused,
  type OptionalAdapterOptions,
  requireGoogleIdToken,
} from './guard.ts';

/** What `forRootAsync` is given by its factory: the options of verifier and adapter together, or a verifier. */
export type GoogleIdTokenModuleOptions =
  | (GoogleIdTokenVerifierOptions & (AdapterOptions | OptionalAdapterOptions))
  | GoogleIdTokenVerifier;

/** How `forRootAsync` gets at its options. */
export interface GoogleIdTokenModuleAsyncOptions {
  /** Modules whose providers are injected. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
  /** What the factory is called with. */
  readonly inject?: NonNullable<FactoryProvider['inject']>;
  // biome-ignore lint/suspicious/noExplicitAny: Nest knows what it injects, the compiler does not.
  readonly useFactory: (...injected: any[]) => GoogleIdTokenModuleOptions | Promise<GoogleIdTokenModuleOptions>;
}

/**
 * Provides `GoogleIdTokenGuard` to all modules, and answers what it refuses. It guards nothing by itself:
 * `{ provide: APP_GUARD, useClass: GoogleIdTokenGuard }` guards every route of the application, `@UseGuards` some.
 */
export class GoogleIdTokenModule {
  /**
   * Takes what `requireGoogleIdToken` takes: an audience; options; or a verifier, and options.
   *
   * @throws TypeError that names a wrong option
   */
  static forRoot(...args: GuardArguments<OnRefused>): DynamicModule;
  static forRoot(...args: OptionalGuardArguments<OnRefused>): DynamicModule;
  // Stands last, since the compiler explains the last one when none fits: it then says that `callers` is missing.
  static forRoot(options: GoogleIdTokenVerifierOptions & AdapterOptions): DynamicModule;
  static forRoot(...args: GuardArguments<OnRefused> | OptionalGuardArguments<OnRefused>): DynamicModule {
    return moduleWith({ provide: GUARD, useValue: requireGoogleIdToken(...(args as GuardArguments<OnRefused>)) });
  }

  /** The same with options that other providers have, as a `ConfigService`. With a wrong option, the application does not start. */
  static forRootAsync({ imports = [], inject = [], useFactory }: GoogleIdTokenModuleAsyncOptions): DynamicModule {
    return moduleWith(
      {
        provide: GUARD,
        inject,
        useFactory: async (...injected: unknown[]) =>
          requireGoogleIdToken((await useFactory(...injected)) as GoogleIdTokenVerifierOptions & AdapterOptions),
      },
      imports,
    );
  }
}

// Decorators are called here, since they are syntax that has to be compiled.
Module({})(GoogleIdTokenModule);

function moduleWith(guard: Provider, imports: NonNullable<ModuleMetadata['imports']> = []): DynamicModule {
  return {
    module: GoogleIdTokenModule,
    global: true,
    imports,
    providers: [guard, GoogleIdTokenGuard, { provide: APP_FILTER, useClass: GoogleIdTokenFilter }],
    exports: [guard, GoogleIdTokenGuard],
  };
}
