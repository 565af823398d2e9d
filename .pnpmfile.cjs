/*
 * The build puts the code of some dependencies into our own files. In the workspace they stay dependencies, for audits
 * and the list of parts to know them. Whoever installs a package need not get them a second time: there they are
 * `inlinedDependencies`, with the version that is in it, as the build has noted it beside the licences.
 */
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

function beforePacking(manifest, directory) {
  const file = join(directory, 'dist/LICENSES.txt');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const inlined = Array.from(text.matchAll(/^([@a-z\d/-]+) (\d+\.\d+\.\d+)$/gm), ([, name, version]) => [
    name,
    version,
  ]);
  if (inlined.length > 0) {
    const names = inlined.map(([name]) => name);
    const others = Object.entries(manifest.dependencies).filter(([name]) => !names.includes(name));
    manifest.dependencies = others.length > 0 ? Object.fromEntries(others) : undefined;
    manifest.inlinedDependencies = Object.fromEntries(inlined);
  }
  return manifest;
}

module.exports = { hooks: { beforePacking } };
