/** @jest-environment jsdom */
// A browser of sorts, for the pages of an app. What verifies tokens is tested in the environment "node".

test('what jsdom lacks of what a guard needs', () => {
  expect({
    TextDecoder: typeof TextDecoder,
    fetch: typeof fetch,
    Response: typeof Response,
    subtle: typeof crypto.subtle,
  }).toEqual({ TextDecoder: 'undefined', fetch: 'undefined', Response: 'undefined', subtle: 'undefined' });
});

test('whoever loads a guard there is told so', () => {
  expect(() => require('@id-token-guard/core')).toThrow(
    'There is no TextDecoder here. Is this jsdom? A guard is tested in the test environment "node".',
  );
});
