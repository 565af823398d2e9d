/** The parts of a path that a route names in braces, decoded. */
export type Params = Readonly<Record<string, string>>;

export type Handler = (request: Request, params: Params) => Response | Promise<Response>;

/**
 * By method and path: `GET /accounts/{email}`. A name in braces takes one segment, or a part of one; with a plus,
 * `{+rest}`, all that follows. The first that fits is taken.
 */
export type Routes = Readonly<Record<string, Handler>>;

/** A route that fits: what is left to do is to call it. */
export type Answer = (request: Request) => Response | Promise<Response>;

/**
 * Finds the route of a request; HEAD takes that of GET, since Node sends no body then. Where there is none, the answer is
 * 404; where it is for other methods only, 405.
 */
export function createRouter(routes: Routes): (method: string, path: string) => Answer {
  const compiled = Object.entries(routes).map(([route, handler]) => {
    const [method = '', template = ''] = route.split(' ');
    return { method, pattern: patternOf(template), handler };
  });
  return (method, path) => {
    const fitting = compiled.filter(({ pattern }) => pattern.test(path));
    if (fitting.length === 0) {
      return () => new Response('Not Found', { status: 404 });
    }
    const route = fitting.find((candidate) => candidate.method === (method === 'HEAD' ? 'GET' : method));
    if (route === undefined) {
      const allow = [...new Set(fitting.map((candidate) => candidate.method))].join(', ');
      return () => new Response('Method Not Allowed', { status: 405, headers: { allow } });
    }
    const params = decoded(route.pattern.exec(path)?.groups ?? {});
    return params === undefined
      ? () => new Response('Bad Request: the path is not percent-encoded UTF-8.', { status: 400 })
      : (request) => route.handler(request, params);
  };
}

function patternOf(template: string): RegExp {
  const parts = template.split(/(\{\+?\w+\})/).map((part) => {
    const [, plus, name] = /^\{(\+?)(\w+)\}$/.exec(part) ?? [];
    return name === undefined ? part.replace(/[.?]/g, '\\$&') : `(?<${name}>${plus ? '.*' : '[^/]+'})`;
  });
  return new RegExp(`^${parts.join('')}$`);
}

function decoded(groups: Record<string, string>): Params | undefined {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    return undefined;
  }
}
