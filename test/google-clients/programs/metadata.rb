# Gets the ID token of this machine and calls a service with it: metadata.rb AUDIENCE URL
require "googleauth"

audience, url = ARGV
credentials = Google::Auth::GCECredentials.new target_audience: audience
headers = credentials.apply({}).transform_keys(&:to_s)
puts Faraday.get(url, nil, headers).body
