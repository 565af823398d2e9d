// Vercel's edge runtime: a script, not a module. JSON goes in and out, since its objects are of another realm.
import { runConformance } from '../conformance/suite.ts';

Object.assign(globalThis, {
  runConformance: async (outside: string) => JSON.stringify(await runConformance(JSON.parse(outside))),
});
