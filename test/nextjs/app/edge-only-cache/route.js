import { guarded } from '../guarded.js';

export const runtime = 'edge';
export const fetchCache = 'only-cache';

export const GET = guarded().handle;
