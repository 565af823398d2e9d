// node with/rollup.js ENTRY OUTFILE
import { argv } from 'node:process';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';

const [, , input, file] = argv;
const bundle = await rollup({
  input,
  plugins: [nodeResolve()],
  onLog(_level, { message }) {
    throw new Error(message);
  },
});
await bundle.write({ file, format: 'es' });
