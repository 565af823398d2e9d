// node with/ncc.js ENTRY OUTFILE
import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import ncc from '@vercel/ncc';

const [, , entry, outfile] = argv;
const { code } = await ncc(entry, { cache: false, quiet: true });
writeFileSync(outfile, code);
