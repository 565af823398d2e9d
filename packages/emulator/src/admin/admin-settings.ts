import { readJsonObject } from '../json-body.ts';

/** What the body of a request to `/admin/…` sets. */
export type Settings = Readonly<Record<string, unknown>>;

/** Hands the settings over if there are no others than those of these names: a misspelt one must not go unnoticed. */
export async function withSettings(
  request: Request,
  names: readonly string[],
  apply: (settings: Settings) => Response | Promise<Response>,
): Promise<Response> {
  const settings = await readJsonObject(request);
  if (settings === undefined) {
    return badRequest('The body must be a JSON object.');
  }
  const unknown = Object.keys(settings).find((name) => !names.includes(name));
  return unknown === undefined
    ? apply(settings)
    : badRequest(`Unknown setting ${JSON.stringify(unknown)}: there are ${names.join(', ')}.`);
}

export function badRequest(error: string): Response {
  return Response.json({ error }, { status: 400 });
}
