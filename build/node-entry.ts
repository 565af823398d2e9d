import { posix } from 'node:path';
import type { Rolldown } from 'tsdown';

/**
 * Adds what Node.js, Deno and Bun import: the names of the CommonJS file, which is then the one instance in a process
 * that has both `import` and `require()`. Else it would have two key sets, and an error or a mark of one would be a
 * stranger to the other.
 *
 * @see https://nodejs.org/api/packages.html#dual-package-hazard
 */
export function nodeEntry(): Rolldown.Plugin {
  return {
    name: 'node-entry',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk' && file.isEntry && file.fileName.endsWith('.cjs')) {
          this.emitFile({
            type: 'asset',
            fileName: file.fileName.replace(/\.cjs$/, '.node.js'),
            source: `export { ${file.exports.join(', ')} } from './${posix.basename(file.fileName)}';\n`,
          });
        }
      }
    },
  };
}
