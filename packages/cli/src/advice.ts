/** Sentences for the operator: why the keys cannot be had, and what to do. */
export function adviceFor(error: Error, url: string): string {
  const code = codeOf(error);
  // What fetch itself says is "fetch failed"; the messages of the key set are sentences.
  const what = code === undefined ? error.message : `The key URL cannot be reached (${code}).`;
  return [what, adviceByCode(code) ?? adviceByMessage(what), proxyAdvice(url)].filter(Boolean).join(' ');
}

/** The code is that of the cause: fetch wraps what went wrong. */
function codeOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  return typeof code === 'string' ? code : cause === undefined ? undefined : codeOf(cause);
}

const NAME = 'The name does not resolve: look at DNS, and whether this machine may reach the internet.';
const NO_ANSWER = 'A firewall may drop the packets: allow outgoing HTTPS to www.googleapis.com.';
const CERTIFICATE =
  'Something on the way shows a certificate that Node does not trust: give Node the certificate of your proxy with NODE_EXTRA_CA_CERTS.';
const CLOCK = 'Is the clock of this machine right?';

const BY_CODE: Readonly<Record<string, string>> = {
  ENOTFOUND: NAME,
  EAI_AGAIN: NAME,
  ECONNREFUSED: 'Nothing listens there, or a firewall refuses. If it is a local Google: is it running?',
  ECONNRESET: 'The connection was cut: look for a firewall or a proxy.',
  UND_ERR_SOCKET: 'The connection was cut: look for a firewall or a proxy.',
  ENETUNREACH: 'This machine has no route there: look at its network.',
  EHOSTUNREACH: 'This machine has no route there: look at its network.',
  ETIMEDOUT: NO_ANSWER,
  UND_ERR_CONNECT_TIMEOUT: NO_ANSWER,
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  ERR_TLS_CERT_ALTNAME_INVALID: CERTIFICATE,
  CERT_HAS_EXPIRED: CLOCK,
  CERT_NOT_YET_VALID: CLOCK,
};

function adviceByCode(code: string | undefined): string | undefined {
  return code !== undefined && Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
}

function adviceByMessage(message: string): string | undefined {
  if (message.includes('in time')) {
    return NO_ANSWER;
  }
  if (/status 5\d\d/.test(message)) {
    return 'The server is down, or a proxy on the way cannot reach it: try again.';
  }
  return /status|JSON|usable key|64 KiB/.test(message)
    ? 'This is not how Google answers: look for a proxy or a login page on the way, and at the URL.'
    : undefined;
}

/** Those that may be meant for https URLs. Node's fetch reads none of them by itself. */
const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];

function proxyAdvice(url: string): string | undefined {
  const set = PROXY_VARIABLES.filter((name) => process.env[name]);
  const isUsed = process.env['NODE_USE_ENV_PROXY'] === '1' || process.env['NODE_OPTIONS']?.includes('--use-env-proxy');
  return set.length === 0 || isUsed || !url.startsWith('https:')
    ? undefined
    : `${set.join(', ')} is set, but Node's fetch does not read it: set NODE_USE_ENV_PROXY=1 and HTTPS_PROXY (Node 24, or 22.21 and newer), or give createGoogleKeySet() a fetch that uses the proxy.`;
}
