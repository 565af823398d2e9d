import { element, escapeXml, line, text } from '../../simulate-fleet/svg.ts';
import { OURS } from '../contestants/registry.ts';
import type { Chart, Table } from '../measuring/results.ts';

const WIDTH = 760;
const LEFT = 230;
const RIGHT = 70;
const TOP = 56;
const BAR = { height: 16, distance: 24 };

/** Colours stand at the elements, for light surroundings and simple viewers; these replace them in dark ones. */
const DARK = `@media (prefers-color-scheme: dark) {
  .ink { fill: #e6edf3; } .rule { stroke: #6e7681; } .ours { fill: #3fb950; } .other { fill: #6e7681; }
}`;
const INK = { class: 'ink', fill: '#1f2328' };
const OTHER = { class: 'other', fill: '#afb8c1' };
const OUR_OWN = { class: 'ours', fill: '#1a7f37' };

/** Draws one column of a table: a bar for each row, ours in a colour of its own. */
export function barChart({ rows }: Table, { column, title }: Chart): string {
  const bars = rows.flatMap(({ name, values }) => {
    const value = values[column];
    return typeof value === 'number' ? [{ name, value }] : [];
  });
  const height = TOP + bars.length * BAR.distance + 12;
  const scale = (WIDTH - LEFT - RIGHT) / Math.max(...bars.map(({ value }) => value));

  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${height}`,
      role: 'img',
      'aria-labelledby': 'title',
      'font-family': 'system-ui, sans-serif',
      'font-size': 13,
    },
    `\n${element('title', { id: 'title' }, escapeXml(title))}`,
    `\n<style>${DARK}</style>`,
    `\n${text(16, 28, title, { ...INK, 'font-size': 15, 'font-weight': 'bold' })}`,
    ...bars.map(({ name, value }, index) => `\n${bar(name, value, TOP + index * BAR.distance, scale)}`),
    `\n${line([LEFT, TOP - 8], [LEFT, height - 8], { class: 'rule', stroke: '#8c959f', 'stroke-width': 1 })}`,
    '\n',
  )}\n`;
}

function bar(name: string, value: number, y: number, scale: number): string {
  const baseline = y + BAR.height - 3;
  const weight = name === OURS ? { 'font-weight': 'bold' } : {};
  return [
    text(LEFT - 10, baseline, name, { ...INK, ...weight, 'text-anchor': 'end' }),
    element('rect', {
      x: LEFT,
      y,
      width: Math.max(value * scale, 1),
      height: BAR.height,
      ...(name === OURS ? OUR_OWN : OTHER),
    }),
    text(LEFT + value * scale + 8, baseline, rounded(value), { ...INK, ...weight }),
  ].join('');
}

/** To three digits, as many as a measurement is worth. */
function rounded(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 3 });
}
