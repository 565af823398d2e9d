/** What everything in JavaScript inherits from, and what the work of a guard goes through. */
const PROTOTYPES: Readonly<Record<string, object>> = {
  Object: Object.prototype,
  Array: Array.prototype,
  Function: Function.prototype,
  String: String.prototype,
  Number: Number.prototype,
  RegExp: RegExp.prototype,
  Map: Map.prototype,
  Promise: Promise.prototype,
  Error: Error.prototype,
  Uint8Array: Uint8Array.prototype,
};

/** Remembers the prototypes as they are now; the function tells which members are others by then. */
export function watchPrototypes(): () => string[] {
  const before = members();
  return () => {
    const now = members();
    return [...new Set([...before.keys(), ...now.keys()])].filter((name) => !isSame(before.get(name), now.get(name)));
  };
}

function members(): ReadonlyMap<string, PropertyDescriptor> {
  return new Map(
    Object.entries(PROTOTYPES).flatMap(([name, prototype]) =>
      Reflect.ownKeys(prototype).map((key) => [`${name}.${String(key)}`, descriptorOf(prototype, key)]),
    ),
  );
}

function descriptorOf(prototype: object, key: PropertyKey): PropertyDescriptor {
  return Object.getOwnPropertyDescriptor(prototype, key) ?? {};
}

function isSame(before: PropertyDescriptor | undefined, now: PropertyDescriptor | undefined): boolean {
  return before?.value === now?.value && before?.get === now?.get && before?.set === now?.set;
}
