# Gets ID tokens of this machine and calls a service with each: metadata.rb (AUDIENCE URL)... Prints an answer a line.
require "googleauth"

ARGV.each_slice 2 do |audience, url|
  credentials = Google::Auth::GCECredentials.new target_audience: audience
  headers = credentials.apply({}).transform_keys(&:to_s)
  puts Faraday.get(url, nil, headers).body
end
