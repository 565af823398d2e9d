import { guarded } from '../guarded.js';

export const runtime = 'nodejs';

export const GET = guarded().handle;
