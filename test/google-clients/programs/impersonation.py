"""Impersonates an account with the credentials of this machine: impersonation.py AUDIENCE URL ACCOUNT IAM_CREDENTIALS_URL

The library has no option for the endpoint in its own class for this, so the REST method is called.
"""

import sys

import google.auth
from google.auth.transport.requests import AuthorizedSession
import requests

audience, url, account, iam_credentials_url = sys.argv[1:]
credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
answer = AuthorizedSession(credentials).post(
    iam_credentials_url + "/v1/projects/-/serviceAccounts/" + account + ":generateIdToken",
    json={"audience": audience, "includeEmail": True},
)
answer.raise_for_status()
print(requests.get(url, headers={"Authorization": "Bearer " + answer.json()["token"]}).text)
