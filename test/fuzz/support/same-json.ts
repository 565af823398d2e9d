/** Tells whether two values are the same JSON: names in the same order, -0 other than 0. However deep: no recursion. */
export function isSameJson(one: unknown, other: unknown): boolean {
  const pairs: (readonly [unknown, unknown])[] = [[one, other]];
  for (const [left, right] of pairs) {
    if (!isObject(left) || !isObject(right)) {
      if (!Object.is(left, right)) {
        return false;
      }
      continue;
    }
    const names = Object.keys(left);
    const otherNames = Object.keys(right);
    const isAlike =
      Array.isArray(left) === Array.isArray(right) &&
      names.length === otherNames.length &&
      names.every((name, index) => name === otherNames[index]);
    if (!isAlike) {
      return false;
    }
    pairs.push(...names.map((name) => [left[name], right[name]] as const));
  }
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
