import type { Failure, Figures, PropertyFigures, TargetFigures } from './fuzz.ts';

/** A line for each target, and for each failure what failed and how to see it again. */
export function table({ targets, seed, seconds, runs }: Figures): string {
  const width = Math.max(...targets.map(({ name }) => name.length));
  const lines = targets.map((target) => line(target, width, seed));
  const failed = targets.flatMap(failuresOf);
  return [...lines, `${whole(runs)} runs in ${seconds} s.`, ...failed].join('\n');
}

function line({ name, runs, properties }: TargetFigures, width: number, seed: number): string {
  const failures = properties.filter(({ failure }) => failure !== undefined).length;
  const result = failures === 0 ? 'ok' : `${failures} FAILED`;
  const count = `${properties.length} ${properties.length === 1 ? 'property' : 'properties'}`;
  return `${name.padEnd(width)}  ${count.padStart(12)}  ${whole(runs).padStart(11)} runs  seed ${seed}  ${result}`;
}

function failuresOf({ name, properties }: TargetFigures): string[] {
  return properties.flatMap(({ failure, ...property }) => (failure ? [failed(name, property, failure)] : []));
}

function failed(target: string, property: PropertyFigures, { seed, path, value, error }: Failure): string {
  return `
FAILED  ${target}: ${property.name}
value   ${value}
error   ${error}
replay  npm run fuzz -- --only '${target}: ${property.name}' --seed ${seed} --path ${path}`;
}

function whole(value: number): string {
  return value.toLocaleString('en');
}
