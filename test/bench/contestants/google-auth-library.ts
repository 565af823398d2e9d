import { OAuth2Client } from 'google-auth-library';
import type { Trust } from '../google/world.ts';
import type { Verify } from './contestant.ts';

export function enter({ audience, jwksUrl, pemUrl }: Trust): Verify {
  const client = new OAuth2Client({
    endpoints: { oauth2FederatedSignonPemCertsUrl: pemUrl, oauth2FederatedSignonJwkCertsUrl: jwksUrl },
  });
  return (idToken) => client.verifyIdToken({ idToken, audience });
}
