import { guarded } from '../guarded.js';

export const runtime = 'nodejs';
export const fetchCache = 'force-cache';

// The patched one, as somebody may hand it over on purpose.
export const GET = guarded({ fetch: (...request) => fetch(...request) }).handle;
