#!/usr/bin/env bash
# Google's Python library sends a request that is refused with 401 three times, with three new ID tokens.
#
# Expected: a request with a fresh token that is answered with 401 is refused; the caller is told.
# Seen (google-auth 1.5.1 of Debian 12): `AuthorizedSession` takes 401 for "the token has expired", fetches another one from
#   Google and repeats the request, the body too, up to two times, without a pause and without looking at `Retry-After`. 403
#   and 503 it hands over at once.
# Why it matters to a receiver of ID tokens: a wrong audience shows three refusals for one call, with three tokens that
#   differ, and a POST arrives three times. Answering 403 where the caller is known and not allowed costs one.
# Needs the Debian packages python3-google-auth, python3-requests and openssl.
set -euo pipefail
python=/usr/bin/python3
"$python" -c 'import importlib.metadata as m, sys; sys.exit(m.version("google-auth") != "1.5.1")' 2>/dev/null ||
  { echo 'This was seen with google-auth 1.5.1 of Debian 12.' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
openssl genrsa -traditional -out key.pem 2048 2>/dev/null

cat >program.py <<'PY'
import base64, http.server, json, threading, time

from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import service_account

seen = {'tokens fetched': 0, 'requests': 0, 'different tokens': set(), 'bodies': []}


class Server(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers['content-length']))
        if self.path == '/token':
            seen['tokens fetched'] += 1
            part = lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip('=')
            claims = {'exp': int(time.time()) + 3600, 'number': seen['tokens fetched']}
            self.answer(200, json.dumps({'id_token': f'{part({"alg": "RS256"})}.{part(claims)}.c2lnbmF0dXJl'}).encode())
        else:
            seen['requests'] += 1
            seen['different tokens'].add(self.headers['authorization'])
            seen['bodies'].append(body.decode())
            self.answer(int(self.path[1:]), b'')

    def answer(self, status, body):
        self.send_response(status)
        self.send_header('content-type', 'application/json')
        self.send_header('content-length', str(len(body)))
        self.send_header('retry-after', '60')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.HTTPServer(('127.0.0.1', 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
origin = f'http://127.0.0.1:{server.server_port}'
info = {'client_email': 'caller@project.iam.gserviceaccount.com', 'private_key': open('key.pem').read(), 'token_uri': f'{origin}/token'}

for status in [200, 401, 403, 503]:
    seen.update({'tokens fetched': 0, 'requests': 0, 'different tokens': set(), 'bodies': []})
    credentials = service_account.IDTokenCredentials.from_service_account_info(info, target_audience='https://a.example')
    session = AuthorizedSession(credentials)
    session.trust_env = False
    answer = session.post(f'{origin}/{status}', data='order 1')
    print(f'{answer.status_code}: {seen["requests"]} requests with {len(seen["different tokens"])} tokens; bodies: {", ".join(seen["bodies"])}')
PY

"$python" program.py | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
200: 1 requests with 1 tokens; bodies: order 1
401: 3 requests with 3 tokens; bodies: order 1, order 1, order 1
403: 1 requests with 1 tokens; bodies: order 1
503: 1 requests with 1 tokens; bodies: order 1
TEXT
