import { guarded } from '../guarded.js';

export const runtime = 'edge';

export const GET = guarded().handle;
