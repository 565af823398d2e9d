// node with/vite.js ENTRY OUTFILE
import { basename, dirname } from 'node:path';
import { argv } from 'node:process';
import { build } from 'vite';

const [, , entry, outfile] = argv;
await build({
  configFile: false,
  logLevel: 'warn',
  root: dirname(entry),
  ssr: { noExternal: true },
  build: {
    ssr: entry,
    outDir: dirname(outfile),
    emptyOutDir: false,
    rolldownOptions: { output: { entryFileNames: basename(outfile) } },
  },
});
