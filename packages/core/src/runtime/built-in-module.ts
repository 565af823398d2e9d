import type * as buffer from 'node:buffer';
import type * as crypto from 'node:crypto';
import type * as http from 'node:http';
import type * as https from 'node:https';
import type stream from 'node:stream';
import type * as zlib from 'node:zlib';
import { isCloudflareWorkers } from './cloudflare-workers.ts';

/**
 * A module that the runtime itself has, found when the program runs: a bundler has no say in it, and nothing to bundle.
 *
 * @returns `undefined` but on Node.js 20.16, 22.3 and newer, Deno and Bun, and where a bundler puts its own `process`
 */
export function builtInModule<Id extends keyof BuiltInModules>(id: Id): BuiltInModules[Id] | undefined {
  try {
    // What Workers have of Node.js is made of what they have of the Web: better to take that.
    return isCloudflareWorkers() ? undefined : globalThis.process.getBuiltinModule(id);
  } catch {
    // There is no such function, or, on the edge runtime of Next.js, one that does nothing but throw.
  }
}

interface BuiltInModules {
  readonly 'node:buffer': typeof buffer;
  readonly 'node:crypto': typeof crypto;
  readonly 'node:http': typeof http;
  readonly 'node:https': typeof https;
  readonly 'node:stream': typeof stream;
  readonly 'node:zlib': typeof zlib;
}
