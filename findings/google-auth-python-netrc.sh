#!/usr/bin/env bash
# Google's Python library sends the password of a `.netrc` in place of the ID token.
#
# Expected: `AuthorizedSession` with ID token credentials sends `Authorization: Bearer …`; that is what it is for.
# Seen (google-auth 1.5.1 and requests 2.28.1 of Debian 12): where the user's `.netrc` has an entry for the host, or a
#   `default` one, requests replaces the header by `Basic` with the user and password of that entry, after the token has been
#   fetched. Nothing says so. `session.trust_env = False` ends it. requests documents this for headers of one's own.
# Why it matters to a receiver of ID tokens: a caller with perfect credentials gets 401 because no token was found, on one
#   developer's machine only. The password of another service ends up at the receiver, too: never log the header.
# Needs the Debian packages python3-google-auth, python3-requests and openssl.
set -euo pipefail
python=/usr/bin/python3
"$python" -c 'import importlib.metadata as m, sys; sys.exit([m.version("google-auth"), m.version("requests")] != ["1.5.1", "2.28.1"])' 2>/dev/null ||
  { echo 'This was seen with google-auth 1.5.1 and requests 2.28.1 of Debian 12.' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
openssl genrsa -traditional -out key.pem 2048 2>/dev/null

cat >program.py <<'PY'
import base64, http.server, json, os, threading, time

from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import service_account


class Server(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        part = lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip('=')
        token = '.'.join([part({'alg': 'RS256'}), part({'exp': int(time.time()) + 3600}), 'c2lnbmF0dXJl'])
        self.answer(json.dumps({'id_token': token}).encode())

    def do_GET(self):
        self.answer(self.headers['authorization'].split(' ')[0].encode())

    def answer(self, body):
        self.send_response(200)
        self.send_header('content-type', 'application/json')
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.HTTPServer(('127.0.0.1', 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
origin = f'http://127.0.0.1:{server.server_port}'
info = {'client_email': 'caller@project.iam.gserviceaccount.com', 'private_key': open('key.pem').read(), 'token_uri': f'{origin}/token'}

for netrc in ['', 'machine other.example login any password any\n', 'machine 127.0.0.1 login any password any\n', 'default login any password any\n']:
    with open('netrc', 'w') as file:
        file.write(netrc)
    os.environ['NETRC'] = os.path.abspath('netrc')
    for trust_env in [True, False]:
        credentials = service_account.IDTokenCredentials.from_service_account_info(info, target_audience='https://a.example')
        session = AuthorizedSession(credentials)
        session.trust_env = trust_env
        print(f'.netrc: {netrc[:17].strip() or "empty"}; trust_env {trust_env}: {session.get(origin).text}')
PY

env -u http_proxy -u HTTP_PROXY -u all_proxy -u ALL_PROXY "$python" program.py | tee seen.txt
diff - seen.txt <<'TEXT' && echo 'As described.'
.netrc: empty; trust_env True: Bearer
.netrc: empty; trust_env False: Bearer
.netrc: machine other.exa; trust_env True: Bearer
.netrc: machine other.exa; trust_env False: Bearer
.netrc: machine 127.0.0.1; trust_env True: Basic
.netrc: machine 127.0.0.1; trust_env False: Bearer
.netrc: default login any; trust_env True: Basic
.netrc: default login any; trust_env False: Bearer
TEXT
