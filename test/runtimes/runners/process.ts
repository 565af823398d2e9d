// Node.js, Deno and Bun: reads what is given from outside from a file, and prints the results.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { runConformance } from '../conformance/suite.ts';

const results = await runConformance(JSON.parse(readFileSync(`${process.argv[2]}`, 'utf8')));
console.log(JSON.stringify(results));
