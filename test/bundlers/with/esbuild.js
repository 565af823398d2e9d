// node with/esbuild.js ENTRY OUTFILE PLATFORM FORMAT
import { argv } from 'node:process';
import { build } from 'esbuild';

const [, , entry, outfile, platform, format] = argv;
const { warnings } = await build({ entryPoints: [entry], outfile, bundle: true, platform, format });
if (warnings.length > 0) {
  throw new Error(JSON.stringify(warnings));
}
