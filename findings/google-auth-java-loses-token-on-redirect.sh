#!/usr/bin/env bash
# Google's HTTP client for Java drops the ID token at every redirect, also to the same server.
#
# Expected: a redirect from `/push` to `/push/` of the same server takes the `Authorization` header along, as `fetch`, curl and
#   Google's own library for Node.js do; it is dropped where another host is meant.
# Seen (google-http-client 1.42.0 and google-auth-library-java 0.18.0 of Debian 12): the redirected request has no
#   `Authorization`. The service answers 401, the library fetches another token for that, and sends the request once more with
#   it. The caller sees 200. google-auth-library 11.3.4 for Node.js sends the token both times.
# Why it matters to a receiver of ID tokens: a service that redirects to a trailing slash, or to https, logs a refusal "no
#   token" for every call of a Java client that works. Give callers the final URL, which is the audience anyway.
# Needs the Debian packages libgoogle-auth-java and default-jdk-headless.
set -euo pipefail
jars=/usr/share/java
[ -f "$jars/google-auth-library-oauth2-http-0.18.0.jar" ] && [ -f "$jars/google-http-client-1.42.0.jar" ] && command -v java >/dev/null ||
  { echo 'This was seen with libgoogle-auth-java 0.18.0 and google-http-client 1.42.0, which are not here.' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund google-auth-library@11.3.4 || exit 2

cat >Redirect.java <<'JAVA'
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.IdTokenCredentials;

public class Redirect {
  public static void main(String[] arguments) throws Exception {
    IdTokenCredentials credentials = IdTokenCredentials.newBuilder()
        .setIdTokenProvider(ComputeEngineCredentials.create())
        .setTargetAudience("https://a.example")
        .build();
    int status = new NetHttpTransport()
        .createRequestFactory(new HttpCredentialsAdapter(credentials))
        .buildGetRequest(new GenericUrl(arguments[0]))
        .execute()
        .getStatusCode();
    System.out.println("the caller gets " + status);
  }
}
JAVA
cat >program.mjs <<'JS'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';

async function listen(answer) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${server.address().port}`;
}

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = { iss: 'https://accounts.google.com', aud: 'https://a.example', sub: '1', iat: 1, exp: 4_102_444_800 };
const token = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
process.env.GCE_METADATA_HOST = await listen((_request, response) => response.setHeader('metadata-flavor', 'Google').end(token));
process.env.METADATA_SERVER_DETECTION = 'assume-present';

const service = await listen((request, response) => {
  const hasToken = request.headers.authorization === `Bearer ${token}`;
  const status = request.url === '/push' ? 308 : hasToken ? 200 : 401;
  console.log(`${request.url} ${hasToken ? 'with' : 'without'} a token: ${status}`);
  response.writeHead(status, status === 308 ? { location: '/push/' } : {}).end();
});

console.log('Java');
const names = ['google-auth-library-credentials', 'google-auth-library-oauth2-http', 'google-http-client', 'google-http-client-jackson2', 'jackson-core', 'gson', 'guava',
  'failureaccess', 'opencensus-api', 'opencensus-contrib-http-util', 'grpc-context', 'httpclient', 'httpcore', 'commons-logging'];
const path = names.map((name) => `/usr/share/java/${name}.jar`).join(':');
await once(spawn('java', ['-cp', path, 'Redirect.java', `http://${service}/push`], { stdio: 'inherit' }), 'exit');

console.log('Node.js');
const { Compute, IdTokenClient } = await import('google-auth-library');
const client = new IdTokenClient({ targetAudience: 'https://a.example', idTokenProvider: new Compute() });
console.log(`the caller gets ${(await client.request({ url: `http://${service}/push` })).status}`);
process.exit();
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
Java
/push with a token: 308
/push/ without a token: 401
/push/ with a token: 200
the caller gets 200
Node.js
/push with a token: 308
/push/ with a token: 200
the caller gets 200
TEXT
