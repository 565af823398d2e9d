import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rolldown } from 'tsdown';

/** Adds the licences of the packages whose code is in what is built, with their versions: each asks for that. */
export function licenses(): Rolldown.Plugin {
  return {
    name: 'licenses',
    generateBundle(_options, bundle) {
      const directories = Object.values(bundle)
        .flatMap((file) => (file.type === 'chunk' ? Object.entries(file.modules) : []))
        .filter(([, { renderedLength }]) => renderedLength > 0)
        .flatMap(([id]) => /.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
      const texts = [...new Set(directories)].toSorted().map((directory) => {
        const { name, version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
        const [license = 'LICENSE'] = globSync('LICENSE{,.md,.txt}', { cwd: directory });
        return `${name} ${version}\n\n${readFileSync(join(directory, license), 'utf8').trim()}\n`;
      });
      if (texts.length > 0) {
        this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: texts.join('\n---\n\n') });
      }
    },
  };
}
