/**
 * What people and libraries throw and reject with that is no error. Frameworks take some of it for no error at all, or
 * for a word to go on elsewhere, as `next('route')` of Express.
 */
export const THROWN_VALUES: readonly (readonly [title: string, value: unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['0', 0],
  ["''", ''],
  ['false', false],
  ["'route'", 'route'],
  ["'router'", 'router'],
  ['a string', 'The database is down.'],
  ['a symbol', Symbol('down')],
  ['an object that is no error', { status: 200, message: 'fine' }],
];

/** The two ways in which a function fails, with any value. */
export const FAILING: readonly (readonly [title: string, failing: (value: unknown) => () => never])[] = [
  [
    'throws',
    (value) => () => {
      throw value;
    },
  ],
  ['rejects with', (value) => (() => Promise.reject(value)) as () => never],
];
