/** The JSON object in a request's body; no body is an empty one. `undefined` where the body is anything else. */
export async function readJsonObject(request: Request): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await request.text();
  if (text.trim() === '') {
    return {};
  }
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
