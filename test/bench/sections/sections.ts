import type { Section } from './section.ts';

/** All sections in the order of the report. Each is loaded only where it runs. */
const loaders = {
  unique: async () => (await import('./unique.ts')).unique,
  repeated: async () => (await import('./repeated.ts')).repeated,
  profile: async () => (await import('./profile.ts')).profile,
  mix: async () => (await import('./mix.ts')).mix,
  refusals: async () => (await import('./refusals.ts')).refusals,
  http: async () => (await import('./http.ts')).http,
  'cold-start': async () => (await import('./cold-start.ts')).coldStart,
  'bundle-size': async () => (await import('./bundle-size.ts')).bundleSize,
  memory: async () => (await import('./memory.ts')).memory,
  growth: async () => (await import('./growth.ts')).growth,
} satisfies Readonly<Record<string, () => Promise<Section>>>;

export type SectionName = keyof typeof loaders;

export const sectionNames: readonly SectionName[] = Object.keys(loaders) as SectionName[];

export function loadSection(name: SectionName): Promise<Section> {
  return loaders[name]();
}
