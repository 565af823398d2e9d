import { nodeRuntime } from './node.ts';
import type { Runtime } from './runtime.ts';
import { webRuntime } from './web.ts';

/** Chosen when the program runs. A bundler would choose by its settings, which are those of the machine that builds. */
export const runtime: Runtime = nodeRuntime() ?? webRuntime;
