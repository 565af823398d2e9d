import { guarded } from '../guarded.js';

export const runtime = 'edge';
export const fetchCache = 'force-cache';

export const GET = guarded().handle;
