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
    reason: 'Every attempt has a number of its own, and is applied once at most.',
    mutants: [
      ['keys/refresher', 'if (number > appliedAttempt) {', 'number > appliedAttempt', 'number >= appliedAttempt'],
      [
        'keys/refresher',
        'if (number > appliedAttempt && isUsable && isNewer(next)) {',
        'number > appliedAttempt',
        'number >= appliedAttempt',
      ],
    ],
  },
  {
    reason: 'Only whether it is Google counts, and nobody is told of keys that were fallen back on.',
    mutants: [
      ['keys/refresher', "await fallBackOn(number, shared, 'store');", "'store'", '""'],
      ['keys/refresher', "await fallBackOn(number, seed, 'snapshot');", "'snapshot'", '""'],
    ],
  },
  {
    reason: 'Quotes and commas are not counted, so the text is longer than what is.',
    mutants: [['keys/stored-keys', 'if (left < 0) {', 'left < 0', 'left <= 0']],
  },
  {
    reason: 'The text is ASCII, so in UTF-8 it has the same bytes.',
    mutants: [
      ['runtime/node', "copyOfAscii: (text) => Buffer.from(text, 'latin1').toString('latin1'),", "'latin1'", '""'],
      ['runtime/node', "const [data, keyObject] = [Buffer.from(text, 'latin1'), keyObjectOf(key)];", "'latin1'", '""'],
    ],
  },
  {
    reason: 'It stands for undefined, and nothing matches it either.',
    mutants: [
      [
        'node-request',
        'return joined(rawValues(request.rawHeaders ?? [], name)) ?? joined(headerValues(request.headers, name));',
        '[]',
        '["Stryker was here"]',
      ],
      ['caller', "const [name = '', host = ''] = email?.split('@') ?? [];", "''", '"Stryker was here!"'],
      ['caller', "const [name = '', host = ''] = email?.split('@') ?? [];", '[]', '["Stryker was here"]'],
      ['audience', 'const [, authority, path] = URL_PARTS.exec(text) ?? [];', '[]', '["Stryker was here"]'],
      [
        'request-url',
        "const [, authority, target = authority === undefined ? undefined : '/'] = URL_PARTS.exec(request.url) ?? [];",
        '[]',
        '["Stryker was here"]',
      ],
      [
        'request-url',
        'const [, scheme, host, path, query] = PARTS_THAT_DIFFER.exec(audience) ?? [];',
        '[]',
        '["Stryker was here"]',
      ],
      [
        'request-url',
        'const [, ownScheme, ownHost, ownPath, ownQuery] = PARTS_THAT_DIFFER.exec(url) ?? [];',
        '[]',
        '["Stryker was here"]',
      ],
      ['caller-rules', "return allowed.has(verifiedEmail(claims) ?? '');", "''", '"Stryker was here!"'],
      [
        'keys/freshness',
        "const maxAge = maxAgeSeconds(headers.get('cache-control') ?? '');",
        "''",
        '"Stryker was here!"',
      ],
      ['keys/freshness', `const digits = /^max-age="?(\\d+)"?$/.exec(first ?? '')?.[1];`, "''", '"Stryker was here!"'],
      [
        'keys/google-key-set-options',
        "const isLoopback = /^(localhost|127(\\.\\d+){3}|\\[::1\\])$/.test(url?.hostname ?? '');",
        "''",
        '"Stryker was here!"',
      ],
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
      ['runtime/web', '} catch {', '{ return undefined; }', '{}'],
      ['keys/jwks', '} catch {', '{ return undefined; }', '{}'],
      [
        'keys/jwks',
        "return other !== 'ambiguous' && one.n === other.n && one.e === other.e;",
        "other !== 'ambiguous'",
        'true',
      ],
      ['keys/jwks', "return other !== 'ambiguous' && one.n === other.n && one.e === other.e;", "'ambiguous'", '""'],
      [
        'keys/google-key-set',
        "if (key !== undefined && refresher.loaded !== undefined && phase() === 'stale') {",
        'refresher.loaded !== undefined',
        'true',
      ],
      [
        'keys/google-key-set',
        'return refresher.loaded?.keys.get(kid);',
        'refresher.loaded?.keys',
        'refresher.loaded.keys',
      ],
      [
        'keys/static-key-set',
        'const result = imported ?? (await importKeys(usable ?? []));',
        '[]',
        '["Stryker was here"]',
      ],
      ['keys/keep-alive', 'ignoreRejection(waitUntil?.(work));', 'waitUntil?.(work)', 'waitUntil(work)'],
      ['keys/peek', 'return known?.get === keys.get ? known?.peek(kid) : undefined;', 'known?.peek', 'known.peek'],
      [
        'node-request',
        'if (name?.length === wanted.length && name.toLowerCase() === wanted) {',
        'name?.length',
        'name.length',
      ],
      [
        'signature',
        "const isRs256 = name === 'RSASSA-PKCS1-v1_5' && hash?.name === 'SHA-256' && (modulusLength ?? 0) >= 2048;",
        'hash?.name',
        'hash.name',
      ],
      [
        'signature',
        "if (!isRs256 || type !== 'public' || !usages.includes('verify') || !isUsableRsaKey(key)) {",
        "type !== 'public'",
        'false',
      ],
    ],
  },
  {
    reason: 'Only that it is there, or that it changes, counts, not its value.',
    mutants: [
      ['keys/single-flight', 'landings += 1;', 'landings += 1', 'landings -= 1'],
      ['errors', 'Object.defineProperty(this, BRAND, { value: true });', '{ value: true }', '{}'],
      ['errors', 'Object.defineProperty(this, BRAND, { value: true });', 'true', 'false'],
      ['verifier', 'familiarSubjects.set(verified.token.claims.sub, true);', 'true', 'false'],
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
      ['events', 'ignoreRejection(listener?.(event));', 'listener?.(event)', 'listener(event)'],
      [
        'keys/jwks',
        "if (typeof value !== 'string' || value.length > MAX_MODULUS_BITS / 6 + 2) {",
        'value.length > MAX_MODULUS_BITS / 6 + 2',
        'value.length >= MAX_MODULUS_BITS / 6 + 2',
      ],
      [
        'keys/google-key-set',
        'function peek(kid: string): VerificationKey | undefined {',
        '{ const { loaded } = refresher; return loaded !== undefined && areFresh(loaded, now()) ? loaded.keys.get(kid) : undefined; }',
        '{}',
      ],
      [
        'keys/google-key-set',
        'return loaded !== undefined && areFresh(loaded, now()) ? loaded.keys.get(kid) : undefined;',
        'loaded !== undefined && areFresh(loaded, now())',
        'false',
      ],
      ['keys/snapshot', 'if (dated.fetchedAt <= now) {', 'dated.fetchedAt <= now', 'dated.fetchedAt < now'],
      [
        'keys/static-key-set',
        'return withPeek(keySet, (kid) => imported?.get(kid));',
        '(kid) => imported?.get(kid)',
        '() => undefined',
      ],
      [
        'keys/token-bucket',
        'credit = now > filledAt ? Math.min(limit, credit + now - filledAt) : credit;',
        'now > filledAt',
        'now >= filledAt',
      ],
      ['verifier', 'if (onEvent !== undefined) {', 'onEvent !== undefined', 'true'],
      ['verifier', 'if (onEvent !== undefined && isGoogleIdTokenError(error)) {', 'onEvent !== undefined', 'true'],
      ['verifier', 'if (!trace.fromCache) {', '!trace.fromCache', 'true'],
      ['caller', 'if (isThenable(answer)) {', 'isThenable(answer)', 'true'],
      [
        'node-request',
        'if (name?.length === wanted.length && name.toLowerCase() === wanted) {',
        'name?.length === wanted.length',
        'true',
      ],
      ['keys/peek', 'peeks.set(keys, { get: keys.get, peek });', '{ get: keys.get, peek }', '{}'],
      [
        'keys/peek',
        'export function peekKey(keys: KeySet, kid: string): VerificationKey | undefined {',
        '{ const known = peeks.get(keys); return known?.get === keys.get ? known?.peek(kid) : undefined; }',
        '{}',
      ],
      [
        'keys/peek',
        'return known?.get === keys.get ? known?.peek(kid) : undefined;',
        'known?.get === keys.get',
        'false',
      ],
      [
        'keys/find-key',
        'const key = await keys.get(token.kid, unknownKid === undefined ? request : { ...request, unknownKid });',
        'unknownKid === undefined',
        'false',
      ],
      ['runtime/node', 'if (known !== undefined) {', 'known !== undefined', 'false'],
      ['runtime/node', 'if (known !== undefined) {', '{ return known; }', '{}'],
      ['runtime/node', 'keyObjects.set(key, keyObject);', 'keyObjects.set(key, keyObject);', ';'],
      ['signature', 'if (rs256Keys.has(key)) {', 'rs256Keys.has(key)', 'false'],
      ['signature', 'if (rs256Keys.has(key)) {', '{ return; }', '{}'],
      ['signature', 'rs256Keys.add(key);', 'rs256Keys.add(key);', ';'],
      ['token-cache', 'return token.slice(-NAME_LENGTH);', 'token.slice(-NAME_LENGTH)', 'token'],
      ['token-cache', 'return token.slice(-NAME_LENGTH);', '-NAME_LENGTH', '+NAME_LENGTH'],
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
