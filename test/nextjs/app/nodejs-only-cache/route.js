import { guarded } from '../guarded.js';

export const runtime = 'nodejs';
export const fetchCache = 'only-cache';

export const GET = guarded().handle;
