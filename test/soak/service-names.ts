/** The services that must stand the soak. */
export const GUARDED = ['express', 'koa', 'hono', 'fastify', 'fetch', 'node'] as const;

/**
 * Services that are broken on purpose. `unguarded` lets everything pass, `impatient` does without keys as soon as they
 * are stale, `leaking` keeps something of every request.
 */
const BROKEN = ['unguarded', 'impatient', 'leaking'] as const;

export type ServiceName = (typeof GUARDED)[number] | (typeof BROKEN)[number];

export const SERVICE_NAMES: readonly ServiceName[] = [...GUARDED, ...BROKEN];
