import type { Runtime } from '../../runtime/runtime.ts';
import { webRuntime } from '../../runtime/web.ts';

/** There is no other one. */
export const runtime: Runtime = webRuntime;
