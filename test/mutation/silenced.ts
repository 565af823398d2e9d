/*
 * Mutants that no test notices, and why none needs to. Everything else that survives is a test that is missing, or code
 * that nobody needs.
 */

/** Mutants that are silenced for one reason. */
export interface Silenced {
  readonly reason: string;
  readonly mutants: readonly SilencedMutant[];
}

/** As `npm run mutation` shows it: the line in which it begins, the code that is replaced, and by what. */
export type SilencedMutant = readonly [source: string, line: string, code: string, becomes: string];

export const silenced: readonly Silenced[] = [
  {
    reason: 'It stands for undefined, and nothing matches it either.',
    mutants: [
      ['audience', 'const [, authority, path] = URL_PARTS.exec(text) ?? [];', '[]', '["Stryker was here"]'],
      ['caller-rules', "return allowed.has(verifiedEmail(claims) ?? '');", "''", '"Stryker was here!"'],
    ],
  },
  {
    reason: 'The compiler asks for it: what it is about cannot happen, or is undefined in the same way.',
    mutants: [
      [
        'audience',
        'if (authority === undefined || path === undefined || !URL.canParse(text)) {',
        'authority === undefined || path === undefined',
        'authority === undefined && path === undefined',
      ],
      [
        'audience',
        'if (authority === undefined || path === undefined || !URL.canParse(text)) {',
        'authority === undefined',
        'false',
      ],
      [
        'audience',
        'if (authority === undefined || path === undefined || !URL.canParse(text)) {',
        'path === undefined',
        'false',
      ],
      [
        'caller',
        'if (instance || (email !== undefined && isServiceAccountEmail(email))) {',
        'email !== undefined',
        'true',
      ],
      ['audience', '} catch {', '{ return false; // It expects a URL, say. }', '{}'],
      ['json', '} catch {', '{ return undefined; }', '{}'],
    ],
  },
  {
    reason: 'Only that the property is there counts, not its value.',
    mutants: [
      ['errors', 'Object.defineProperty(this, BRAND, { value: true });', '{ value: true }', '{}'],
      ['errors', 'Object.defineProperty(this, BRAND, { value: true });', 'true', 'false'],
    ],
  },
  {
    reason: 'It is never asked: without the option its check is left out.',
    mutants: [
      ['explain', 'audience: options.audience ?? (() => false),', '() => false', '() => undefined'],
      ['explain', "callers: options.callers ?? (() => ''),", "() => ''", '() => undefined'],
      ['explain', "callers: options.callers ?? (() => ''),", "''", '"Stryker was here!"'],
    ],
  },
  {
    reason: 'It spares work, and changes nothing that can be seen.',
    mutants: [
      ['events', 'const result = listener?.(event);', 'listener?.(event)', 'listener(event)'],
      [
        'hints',
        'const comparable = audience.length <= MAX_COMPARED_LENGTH ? expected.slice(0, MAX_COMPARED_VALUES) : [];',
        '[]',
        '["Stryker was here"]',
      ],
      [
        'hints',
        'const actualUrl = comparable.length > 0 ? urlOf(audience) : undefined;',
        'comparable.length > 0',
        'true',
      ],
      [
        'hints',
        'const actualUrl = comparable.length > 0 ? urlOf(audience) : undefined;',
        'comparable.length > 0',
        'comparable.length >= 0',
      ],
    ],
  },
];
