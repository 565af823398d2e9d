import { guarded } from '../guarded.js';

export const runtime = 'nodejs';

const { keys, handle } = guarded();

export async function GET(request) {
  // Before anything of the request is read: Next.js 14 takes such a route for one that it can answer when it builds.
  await keys.preload().catch(() => {});
  return handle(request);
}
