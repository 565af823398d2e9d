import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Rolldown } from 'tsdown';

/** In the build for edge runtimes, `src/edge/a/b.ts` stands in for `src/a/b.ts`, with the same exports. */
export function edgeHalves(source: string): Rolldown.Plugin {
  return {
    name: 'edge-halves',
    async resolveId(specifier, importer, options) {
      const resolved = await this.resolve(specifier, importer, options);
      const half = resolved && join(source, 'edge', relative(source, resolved.id));
      return half !== null && existsSync(half) ? half : resolved;
    },
  };
}
