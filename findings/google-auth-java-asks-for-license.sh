#!/usr/bin/env bash
# Google's Java library asks the metadata server for `license`; the parameter is named `licenses`.
#
# Expected: with the option LICENSES_TRUE the request has `licenses=TRUE`, as Google's page on the identity of instances says,
#   and the token lists the licences of the machine's images.
# Seen (google-auth-library-java 0.18.0 of Debian 12): the request has `license=TRUE`. FORMAT_FULL is right, and so is the
#   audience, which this library escapes.
# Why it matters to a receiver of ID tokens: a rule that asks for a licence (`google.compute_engine.license_id`) refuses each
#   caller that uses this library, whatever its machine runs.
# Needs the Debian packages libgoogle-auth-java and default-jdk-headless.
set -euo pipefail
jars=/usr/share/java
[ -f "$jars/google-auth-library-oauth2-http-0.18.0.jar" ] && command -v java >/dev/null || { echo 'This was seen with libgoogle-auth-java 0.18.0, which is not here.' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >Identity.java <<'JAVA'
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.IdTokenCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import java.util.List;

public class Identity {
  public static void main(String[] arguments) throws Exception {
    IdTokenCredentials.newBuilder()
        .setIdTokenProvider(ComputeEngineCredentials.create())
        .setTargetAudience("https://a.example/push?a=1&b=2")
        .setOptions(List.of(IdTokenProvider.Option.FORMAT_FULL, IdTokenProvider.Option.LICENSES_TRUE))
        .build()
        .refresh();
  }
}
JAVA
cat >program.mjs <<'JS'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const server = createServer((request, response) => {
  const query = [...new URL(request.url, 'http://metadata').searchParams].sort();
  console.log(query.map(([name, value]) => `${name}: ${value}`).join('\n'));
  const claims = { iss: 'https://accounts.google.com', aud: 'https://a.example', sub: '1', iat: 1, exp: 4_102_444_800 };
  response.setHeader('metadata-flavor', 'Google').end(`${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`);
}).listen(0, '127.0.0.1');
await once(server, 'listening');

const names = ['google-auth-library-credentials', 'google-auth-library-oauth2-http', 'google-http-client', 'google-http-client-jackson2', 'jackson-core', 'gson', 'guava',
  'failureaccess', 'opencensus-api', 'opencensus-contrib-http-util', 'grpc-context', 'httpclient', 'httpcore', 'commons-logging'];
const path = names.map((name) => `/usr/share/java/${name}.jar`).join(':');
const env = { ...process.env, GCE_METADATA_HOST: `127.0.0.1:${server.address().port}` };
const [code] = await once(spawn('java', ['-cp', path, 'Identity.java'], { env, stdio: 'inherit' }), 'exit');
server.close();
process.exitCode = code;
JS

node program.mjs | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
audience: https://a.example/push?a=1&b=2
format: full
license: TRUE
TEXT
