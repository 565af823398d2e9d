/*
 * Mutants that no test notices, and why none needs to. Everything else that survives is a test that is missing, or code
 * that nobody needs.
 */

/** Mutants that are silenced for one reason. */
export interface Silenced {
  readonly reason: string;
  readonly mutants: readonly SilencedMutant[];
}

/** The line in which it begins, and what Stryker puts in place of a part of it. */
export type SilencedMutant = readonly [source: string, line: string, becomes: string];

export const silenced: readonly Silenced[] = [
  {
    reason: 'Another value than undefined, and again one that nothing matches.',
    mutants: [
      ['audience', 'const [, authority, path] = URL_PARTS.exec(text) ?? [];', '["Stryker was here"]'],
      [
        'caller',
        "const [, name, domain] = /^([^@]+)@(.+)\\.gserviceaccount\\.com$/.exec(email ?? '') ?? [];",
        '"Stryker was here!"',
      ],
      [
        'caller',
        "const [, name, domain] = /^([^@]+)@(.+)\\.gserviceaccount\\.com$/.exec(email ?? '') ?? [];",
        '["Stryker was here"]',
      ],
      [
        'caller',
        "const project = domain === 'appspot' ? name : /^(.+)\\.iam$/.exec(domain ?? '')?.[1];",
        '"Stryker was here!"',
      ],
      ['caller-rules', "return allowed.has(verifiedEmail(claims) ?? '');", '"Stryker was here!"'],
    ],
  },
  {
    reason: 'A function that ends without a value returns undefined, which is as good as what it returned.',
    mutants: [
      ['audience', '} catch {', '{}'],
      ['json', '} catch {', '{}'],
    ],
  },
];
