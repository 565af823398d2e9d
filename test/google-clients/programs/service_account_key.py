"""Calls a service with the ID token of an account whose key file is at hand: service_account_key.py AUDIENCE URL FILE"""

import sys

from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import service_account

audience, url, file = sys.argv[1:]
credentials = service_account.IDTokenCredentials.from_service_account_file(file, target_audience=audience)
print(AuthorizedSession(credentials).get(url).text)
