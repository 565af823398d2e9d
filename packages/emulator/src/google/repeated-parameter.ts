/** The first of the named parameters that stands there more than once. */
export function repeatedParameter(params: URLSearchParams, ...names: string[]): string | undefined {
  return names.find((name) => params.getAll(name).length > 1);
}
