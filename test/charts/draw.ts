/*
 * Draws specifications of Vega-Lite as SVG, for documents that are read in light and in dark surroundings.
 */
import { existsSync } from 'node:fs';

/** A drawing as data: https://vega.github.io/vega-lite/docs/spec.html */
export type Specification = Readonly<Record<string, unknown>>;

/** Colours to draw with. Where it is dark, others take their place. */
export const COLOURS = {
  ink: '#1f2328',
  rule: '#8c959f',
  shade: '#d0d7de',
  ours: '#1a7f37',
  other: '#afb8c1',
  first: '#cf222e',
  second: '#9a6700',
  third: '#0969da',
};

const DARK: Readonly<Record<keyof typeof COLOURS, string>> = {
  ink: '#e6edf3',
  rule: '#6e7681',
  shade: '#30363d',
  ours: '#3fb950',
  other: '#6e7681',
  first: '#ff7b72',
  second: '#d29922',
  third: '#58a6ff',
};

const FONT = 'system-ui, sans-serif';
const TEXT = { labelColor: COLOURS.ink, titleColor: COLOURS.ink, labelFont: FONT, titleFont: FONT };

const CONFIG = {
  // The whole has a name for those who do not see it; names for each mark would be most of the file.
  aria: false,
  background: 'transparent',
  font: FONT,
  view: { stroke: null },
  axis: { ...TEXT, domainColor: COLOURS.rule, tickColor: COLOURS.rule, gridColor: COLOURS.rule },
  legend: TEXT,
  title: { color: COLOURS.ink, font: FONT, anchor: 'start' },
  text: { color: COLOURS.ink, font: FONT },
};

interface Vega {
  parse(specification: object): object;
  View: new (runtime: object, options: { renderer: 'none' }) => { toSVG(): Promise<string> };
}

interface VegaLite {
  compile(specification: object, options: { config: object }): { spec: object };
}

/** Whether what draws is installed: `npm run tools` does that. */
export function canDraw(): boolean {
  return existsSync(new URL('node_modules/vega', import.meta.url));
}

/** @param title what a screen reader says */
export async function draw(title: string, specification: Specification): Promise<string> {
  const vega = await load<Vega>('vega');
  const vegaLite = await load<VegaLite>('vega-lite');
  const { spec } = vegaLite.compile(specification, { config: CONFIG });
  const svg = await new vega.View(vega.parse(spec), { renderer: 'none' }).toSVG();
  return `${svg.replace(/^<svg ([^>]*)>/, (_, attributes: string) => `<svg role="img" aria-label="${escapeXml(title)}" ${attributes}>${darkStyle()}`)}\n`;
}

/** By a name that the compiler does not look up: only this folder has these packages, once they are installed. */
function load<Module>(name: string): Promise<Module> {
  return import(name);
}

function darkStyle(): string {
  const rules = Object.entries(COLOURS).flatMap(([name, colour]) =>
    ['fill', 'stroke'].map((kind) => `[${kind}="${colour}"]{${kind}:${DARK[name as keyof typeof COLOURS]}}`),
  );
  return `<style>@media (prefers-color-scheme: dark){${rules.join('')}}</style>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
