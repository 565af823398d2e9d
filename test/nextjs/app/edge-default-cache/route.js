import { guarded } from '../guarded.js';

export const runtime = 'edge';
export const fetchCache = 'default-cache';

export const GET = guarded().handle;
