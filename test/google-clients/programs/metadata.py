"""Gets the ID token of this machine and calls a service with it: metadata.py AUDIENCE URL"""

import sys

import google.auth.transport.requests
import google.oauth2.id_token
import requests

audience, url = sys.argv[1:]
request = google.auth.transport.requests.Request()
token = google.oauth2.id_token.fetch_id_token(request, audience)
print(requests.get(url, headers={"Authorization": "Bearer " + token}).text)
