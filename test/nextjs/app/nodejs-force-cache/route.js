import { guarded } from '../guarded.js';

export const runtime = 'nodejs';
export const fetchCache = 'force-cache';

export const GET = guarded().handle;
