// node with/webpack-like.js webpack|@rspack/core ENTRY OUTFILE TARGET
import { basename, dirname } from 'node:path';
import { argv } from 'node:process';

const [, , name, entry, outfile, target] = argv;
// A target that is only a year has no other form.
const isModule = outfile.endsWith('.mjs');
const { default: bundler } = await import(name);
const compiler = bundler({
  mode: 'production',
  entry,
  target,
  output: { path: dirname(outfile), filename: basename(outfile), ...(isModule && { module: true }) },
  ...(isModule && { experiments: { outputModule: true } }),
});
await new Promise((resolve, reject) => {
  compiler.run((error, stats) => {
    // A warning may be a module that is not there.
    const found = stats?.hasErrors() || stats?.hasWarnings() ? new Error(stats.toString('errors-warnings')) : undefined;
    compiler.close(() => (error || found ? reject(error ?? found) : resolve()));
  });
});
