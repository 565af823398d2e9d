import { element, line, type Point, polyline, text } from './svg.ts';

/** One diagram: a frame with axes, a shaded span of time, and a line for each series. */
export interface Panel {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** The hours that are shown. */
  readonly from: number;
  readonly to: number;
  readonly shaded: { readonly from: number; readonly to: number; readonly label: string };
  readonly y: Axis;
  readonly series: readonly Series[];
}

export interface Axis {
  readonly label: string;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  /** Where a value is, from 0 at the bottom to 1 at the top. */
  position(value: number): number;
}

export interface Series {
  readonly style: LineStyle;
  readonly points: readonly { readonly hour: number; readonly value: number }[];
  /** At the end of the line. */
  readonly endLabel?: string;
}

/** Lines differ in colour and in dashes. */
export interface LineStyle {
  readonly name: string;
  readonly className: string;
  readonly colour: string;
  readonly dashes: string;
}

export const INK = { class: 'ink', fill: '#1f2328' };
const RULE = { class: 'rule', stroke: '#8c959f', 'stroke-width': 0.5 };
const LABEL_HEIGHT = 14;

export function drawPanel(panel: Panel): string {
  const { left, top, width, height, from, to, y, shaded, title } = panel;
  const bottom = top + height;
  const xOf = (hour: number) => left + ((hour - from) / (to - from)) * width;
  const yOf = (value: number) => bottom - y.position(value) * height;
  const middle = { 'text-anchor': 'middle' };
  return [
    element('rect', {
      x: xOf(shaded.from),
      y: top,
      width: xOf(shaded.to) - xOf(shaded.from),
      height,
      class: 'shade',
      fill: '#d0d7de',
    }),
    text(xOf((shaded.from + shaded.to) / 2), top - 4, shaded.label, { ...INK, ...middle, 'font-size': 10 }),
    text(left, top - 20, title, { ...INK, 'font-weight': 'bold' }),
    ...y.ticks.flatMap(({ value, label }) => [
      line([left, yOf(value)], [left + width, yOf(value)], RULE),
      text(left - 8, yOf(value) + 4, label, { ...INK, 'text-anchor': 'end' }),
    ]),
    ...hourTicks(from, to).flatMap((hour) => [
      line([xOf(hour), bottom], [xOf(hour), bottom + 4], RULE),
      text(xOf(hour), bottom + 18, String(hour), { ...INK, ...middle }),
    ]),
    text(left + width / 2, bottom + 36, 'hour', { ...INK, ...middle }),
    text(0, 0, y.label, { ...INK, ...middle, transform: `translate(${left - 58} ${top + height / 2}) rotate(-90)` }),
    ...panel.series.map(({ style, points }) => {
      const shown = points.filter(({ hour }) => hour >= from && hour <= to);
      const path = shown.map(({ hour, value }): Point => [xOf(hour), yOf(value)]);
      return polyline(path, strokeOf(style));
    }),
    ...endLabels(panel, left + width + 6, yOf),
  ].join('\n');
}

/** Whole hours, not more than nine. */
function hourTicks(from: number, to: number): number[] {
  const step = Math.ceil((to - from) / 8);
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, index) => first + index * step);
}

export function strokeOf({ className, colour, dashes }: LineStyle) {
  return { class: className, stroke: colour, 'stroke-dasharray': dashes, 'stroke-width': 2, fill: 'none' };
}

/** Labels that would lie over each other are moved apart, from the lowest upwards. */
function endLabels({ series }: Panel, x: number, yOf: (value: number) => number): string[] {
  let free = Number.POSITIVE_INFINITY;
  return series
    .flatMap(({ endLabel, points }) =>
      endLabel === undefined ? [] : [{ endLabel, y: yOf(points.at(-1)?.value ?? 0) }],
    )
    .toSorted((one, other) => other.y - one.y)
    .map(({ endLabel, y }) => {
      const place = Math.min(y + 4, free);
      free = place - LABEL_HEIGHT;
      return text(x, place, endLabel, INK);
    });
}
