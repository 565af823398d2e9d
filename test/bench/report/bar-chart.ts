import { COLOURS, type Specification } from '../../charts/draw.ts';
import { OURS } from '../contestants/registry.ts';
import type { Chart, Table } from '../measuring/results.ts';

const WIDTH = 760;
const BAR = { height: 16, distance: 24 };
const ROOM_FOR_TEXT = 1.15;

/** One column of a table: a bar for each row, ours in a colour of its own. */
export function barChart({ rows }: Table, { column, title }: Chart): Specification {
  const values = rows.flatMap(({ name, values: { [column]: value } }) =>
    typeof value === 'number' ? [{ name, value, label: rounded(value) }] : [],
  );
  const longest = Math.max(...values.map(({ value }) => value));
  const isOurs = { test: `datum.name === '${OURS}'` };
  return {
    title: { text: title, fontSize: 15, offset: 12 },
    width: WIDTH,
    autosize: { type: 'fit-x', contains: 'padding' },
    height: BAR.distance * values.length,
    data: { values },
    encoding: {
      x: { field: 'value', type: 'quantitative', axis: null, scale: { domain: [0, longest * ROOM_FOR_TEXT] } },
      y: {
        field: 'name',
        sort: null,
        title: null,
        axis: {
          ticks: false,
          labelPadding: 10,
          labelLimit: 0,
          labelFontSize: 13,
          labelFontWeight: { condition: { test: `datum.value === '${OURS}'`, value: 'bold' }, value: 'normal' },
        },
      },
    },
    layer: [
      {
        mark: { type: 'bar', height: BAR.height },
        encoding: { color: { condition: { ...isOurs, value: COLOURS.ours }, value: COLOURS.other } },
      },
      // Two marks, since the weight of a text cannot depend on data.
      ...(['normal', 'bold'] as const).map((fontWeight) => ({
        transform: [{ filter: `${fontWeight === 'bold' ? '' : '!'}(${isOurs.test})` }],
        mark: { type: 'text', align: 'left', dx: 8, fontSize: 13, fontWeight },
        encoding: { text: { field: 'label' } },
      })),
    ],
  };
}

/** To three digits, as many as a measurement is worth. */
function rounded(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 3 });
}
