import { guarded } from '../guarded.js';

export const runtime = 'nodejs';
export const fetchCache = 'default-cache';

export const GET = guarded().handle;
