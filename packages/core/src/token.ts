/** A verified ID token: what Google signed, and who that makes the caller. Frozen, since it may be cached. */
export interface GoogleIdToken {
  readonly claims: GoogleIdTokenClaims;
  readonly header: GoogleIdTokenHeader;
  /** Who is calling, as far as the claims tell. */
  readonly caller: Caller;
}

/** The JOSE header of a verified token. */
export interface GoogleIdTokenHeader {
  readonly alg: 'RS256';
  /** The id of the key that signed the token. */
  readonly kid: string;
  readonly typ?: string;
  readonly [name: string]: unknown;
}

/**
 * The claims of a verified token, as Google sends them.
 *
 * Only `iss`, `aud`, `sub`, `iat` and `exp` are always there. Their types are checked, as are those of `nbf` and
 * `auth_time`; the types of the others are what Google documents and are not checked again: Google signed them.
 *
 * @see https://cloud.google.com/docs/authentication/token-types#id
 */
export interface GoogleIdTokenClaims {
  /** `https://accounts.google.com`, or `accounts.google.com` in old tokens. */
  readonly iss: string;
  /** Whom the token is for. Whoever asked Google for the token chose this: it does not say who is calling. */
  readonly aud: string;
  /** The unique id of the service account or user: about 21 digits, never reused. */
  readonly sub: string;
  /** When the token was issued. Seconds since the epoch. */
  readonly iat: number;
  /** When the token expires. Seconds since the epoch. */
  readonly exp: number;
  /** Who asked for the token: a unique id, a service account's e-mail, or an OAuth client id. */
  readonly azp?: string;
  /** Not in every token; worth something only together with `email_verified: true`. */
  readonly email?: string;
  readonly email_verified?: boolean;
  /** The Google Workspace or Cloud domain of a user. Consumer accounts have none, whatever their e-mail says. */
  readonly hd?: string;
  /** The value that the application sent with a sign-in request. Not checked here. */
  readonly nonce?: string;
  /** Seconds since the epoch. */
  readonly nbf?: number;
  /** Seconds since the epoch. */
  readonly auth_time?: number;
  readonly jti?: string;
  /**
   * The certificate that the token is bound to, in tokens of callers with an agent's certificate (RFC 8705 §3.1). Not
   * checked here: a guard does not see the connection that a request came over.
   */
  readonly cnf?: { readonly [name: string]: unknown };
  readonly at_hash?: string;
  readonly name?: string;
  readonly given_name?: string;
  readonly family_name?: string;
  readonly picture?: string;
  readonly locale?: string;
  readonly google?: {
    /** In tokens from a metadata server with `format=full`. */
    readonly compute_engine?: ComputeEngineClaims;
    /** In tokens asked for with `organizationNumberIncluded`; `null` for an account without organization. */
    readonly organization_number?: number | null;
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
}

/**
 * The virtual machine that asked its metadata server for the token with `format=full`.
 *
 * @see https://cloud.google.com/compute/docs/instances/verifying-instance-identity
 */
export interface ComputeEngineClaims {
  readonly project_id: string;
  readonly project_number: number;
  /** The short name, such as `us-central1-a`. */
  readonly zone: string;
  /** Digits; a string because it may exceed what a number can hold. Never reused. */
  readonly instance_id: string;
  /** May be reused by a later instance. */
  readonly instance_name: string;
  /** Seconds since the epoch. */
  readonly instance_creation_timestamp: number;
  /** 1 for a confidential VM. */
  readonly instance_confidentiality?: number;
  /** The licenses of the instance's images; only with `licenses=TRUE`. */
  readonly license_id?: readonly string[];
  readonly [name: string]: unknown;
}

/**
 * Who is calling, as far as the claims tell. Log it, and switch on `kind`.
 *
 * An e-mail stands here only if the token says `email_verified: true`.
 */
export type Caller = ServiceAccountCaller | UserCaller | SubjectCaller;

/** A service account. */
export interface ServiceAccountCaller {
  readonly kind: 'service_account';
  /** The account's unique id (`sub`): about 21 digits, never reused. */
  readonly uniqueId: string;
  /** Where the token has it. An account that is deleted and made anew has the same e-mail and another unique id. */
  readonly email?: string;
  /** The project of the account, where the e-mail or the instance tells it. */
  readonly projectId?: string;
}

/** A person. */
export interface UserCaller {
  readonly kind: 'user';
  /** The stable id (`sub`) to keep users by. */
  readonly subject: string;
  readonly email: string;
  /** The Google Workspace or Cloud domain; consumer accounts have none. */
  readonly hostedDomain?: string;
}

/** Somebody of whom the token tells only the id, as tokens without e-mail do. */
export interface SubjectCaller {
  readonly kind: 'subject';
  readonly subject: string;
}
