-- For wrk: counts answers by their status, and connections that broke.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init()
  counts = {}
end

function response(status)
  counts[status] = (counts[status] or 0) + 1
end

function done(summary)
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get('counts')) do
      print(('status %d %d'):format(status, count))
    end
  end
  print(('errors %d'):format(summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
