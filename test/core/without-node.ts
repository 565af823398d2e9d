/*
 * Loaded before each test of the project "web runtime": core then finds nothing of Node.js, as on Cloudflare Workers.
 */
import process from 'node:process';

Object.defineProperty(process, 'getBuiltinModule', { value: undefined });

const { runtime } = await import('../../packages/core/src/runtime/current.ts');
const { webRuntime } = await import('../../packages/core/src/runtime/web.ts');
if (runtime !== webRuntime) {
  throw new Error('Core has chosen what is of Node.js.');
}
