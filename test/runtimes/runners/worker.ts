// Cloudflare Workers: a request brings what is given from outside, its response the results.
import { runConformance } from '../conformance/suite.ts';

// biome-ignore lint/style/noDefaultExport: the runtime asks for it.
export default {
  async fetch(request: Request): Promise<Response> {
    return Response.json(await runConformance(await request.json()));
  },
};
