// node with/parcel.js ENTRY OUTFILE CONTEXT
import { basename, dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { Parcel } from '@parcel/core';

const [, , entry, outfile, context] = argv;
const target = {
  distDir: dirname(outfile),
  distEntry: basename(outfile),
  context,
  includeNodeModules: true,
  outputFormat: context === 'node' ? 'commonjs' : 'global',
  engines: context === 'node' ? { node: '>= 20' } : { browsers: 'last 1 Chrome version' },
};
await new Parcel({
  entries: entry,
  defaultConfig: fileURLToPath(import.meta.resolve('@parcel/config-default')),
  mode: 'production',
  cacheDir: join(dirname(outfile), '.parcel-cache'),
  shouldDisableCache: true,
  targets: { bundle: target },
}).run();
