/**
 * `GET /.well-known/openid-configuration`, as far as this Google can serve it: there is nothing to sign in with.
 *
 * The issuer is the real one, since that is what the tokens say and what verifiers compare with.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html §3
 */
export function discoveryDocument(url: string): Response {
  const document = {
    issuer: 'https://accounts.google.com',
    jwks_uri: `${url}/oauth2/v3/certs`,
    token_endpoint: `${url}/token`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    grant_types_supported: ['urn:ietf:params:oauth:grant-type:jwt-bearer'],
    claims_supported: ['aud', 'email', 'email_verified', 'exp', 'iat', 'iss', 'sub'],
  };
  return Response.json(document, { headers: { 'cache-control': 'public, max-age=3600' } });
}
