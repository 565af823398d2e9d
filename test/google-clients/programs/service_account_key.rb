# Calls a service with the ID token of an account whose key file is at hand: service_account_key.rb AUDIENCE URL FILE
require "googleauth"

audience, url, file = ARGV
credentials = Google::Auth::ServiceAccountCredentials.make_creds json_key_io: File.open(file), target_audience: audience
# The library takes the key of the file, and not its endpoint.
token_uri = JSON.parse(File.read(file))["token_uri"]
credentials.update! token_credential_uri: token_uri, audience: token_uri
headers = credentials.apply({}).transform_keys(&:to_s)
puts Faraday.get(url, nil, headers).body
