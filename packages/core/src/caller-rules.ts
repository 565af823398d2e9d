import { instanceOf, isServiceAccountEmail, verifiedEmail } from './caller.ts';
import { type CallerRule, ruleMaker } from './caller-rule.ts';
import { EMAIL_FIX, listOf, quote } from './hints.ts';
import { own } from './json.ts';
import { IS_IT_UNSET } from './options.ts';
import type { GoogleIdTokenClaims } from './token.ts';

/**
 * Lets these service accounts in, each given by its e-mail or by its unique id (digits).
 *
 * E-mails are compared exactly, and only if the token says `email_verified: true`. The unique id is the safer one: an
 * e-mail can be taken by a new account after the old one was deleted.
 *
 * @throws TypeError where there is no account, or one that is neither a service account's e-mail nor digits
 */
export const serviceAccount: (...accounts: string[]) => CallerRule = /* @__PURE__ */ ruleMaker(
  (...accounts: string[]) => {
    const allowed = checkedValues(
      'serviceAccount',
      accounts,
      isUniqueIdOrServiceAccountEmail,
      "a service account's e-mail or unique id (persons: user())",
    );
    const byEmail = accounts.some((account) => account.includes('@'));
    return ({ claims }) => {
      if (allowed.has(claims.sub) && isUniqueId(claims.sub)) {
        return true;
      }
      // Only people have a hosted domain.
      if (!Object.hasOwn(claims, 'hd') && hasAllowedEmail(claims, allowed)) {
        return true;
      }
      return emailReason(claims, byEmail, 'service account', allowed) + chatKinds(claims);
    };
  },
);

/**
 * Lets these persons in, each given by the e-mail of their Google account.
 *
 * Compared exactly, and only if the token says `email_verified: true`. It does not prove that the domain of the e-mail
 * vouches for the person: combine it with `workspaceDomain`, or use `subject`, where that matters.
 *
 * @throws TypeError where there is no e-mail, or one of a service account
 */
export const user: (...emails: string[]) => CallerRule = /* @__PURE__ */ ruleMaker((...emails: string[]) => {
  const allowed = checkedValues('user', emails, isUserEmail, "a person's e-mail");
  return ({ claims }) =>
    hasAllowedEmail(claims, allowed) ||
    (own(claims, 'email') === undefined && claims.aud.endsWith('.apps.googleusercontent.com')
      ? 'The token has no e-mail to compare: let the client ask for the scopes openid and email.'
      : emailReason(claims, true, 'user', allowed));
});

/**
 * Lets everybody in whose account belongs to one of these Google Workspace or Cloud domains (`hd`).
 *
 * The domain of the e-mail does not count: anybody can have a consumer account with an e-mail of any domain.
 *
 * @throws TypeError where there is no domain, or one that is not a lower-case domain name
 */
export const workspaceDomain: (...domains: string[]) => CallerRule = /* @__PURE__ */ ruleMaker(
  (...domains: string[]) => {
    const allowed = checkedValues('workspaceDomain', domains, isDomain, 'a domain such as "example.com"');
    return ({ claims }) =>
      allowed.has(own(claims, 'hd') as string) ||
      (own(claims, 'hd') === undefined
        ? 'The caller does not belong to a Workspace domain: the token has no "hd". Service accounts and consumer accounts have none.'
        : 'The caller belongs to another Workspace domain ("hd").');
  },
);

/**
 * Lets these accounts in, each given by its unique id (`sub`): of a service account or of a person.
 *
 * @throws TypeError where there is no id, or one that is not a string of digits
 */
export const subject: (...ids: string[]) => CallerRule = /* @__PURE__ */ ruleMaker((...ids: string[]) => {
  const allowed = checkedValues('subject', ids, isUniqueId, 'a unique id (digits)');
  return ({ claims }) => allowed.has(claims.sub) || 'The "sub" of the token is not an allowed one.';
});

/** What a virtual machine must be to be let in; what is left out is not compared. */
export interface ComputeInstance {
  readonly projectId?: string;
  readonly projectNumber?: number;
  /** The short name, such as `us-central1-a`. */
  readonly zone?: string;
  /** Digits, as a string. Never reused, unlike the name. */
  readonly instanceId?: string;
  readonly instanceName?: string;
  /** One of the licenses of the instance; the token must have been asked for with `licenses=TRUE`. */
  readonly licenseId?: string;
}

const INSTANCE_CLAIMS: Readonly<Record<keyof ComputeInstance, string>> = {
  projectId: 'project_id',
  projectNumber: 'project_number',
  zone: 'zone',
  instanceId: 'instance_id',
  instanceName: 'instance_name',
  licenseId: 'license_id',
};

/** What only one owner can have. */
const OWNERS: readonly (keyof ComputeInstance)[] = ['projectId', 'projectNumber', 'instanceId'];

/**
 * Lets a virtual machine in that asked its metadata server for a token with `format=full`.
 *
 * All that is given must be equal; one of `projectId`, `projectNumber` and `instanceId` must be given, since everybody
 * can make instances of any name in a project of their own. Whoever can run code on the machine can get such a token.
 *
 * @throws TypeError where nothing is given, a name is unknown, or a value has the wrong type
 * @see https://cloud.google.com/compute/docs/instances/verifying-instance-identity
 */
export const computeInstance: (instance: ComputeInstance) => CallerRule = /* @__PURE__ */ ruleMaker(
  (instance: ComputeInstance) => {
    const wanted = checkedInstance(instance);
    return ({ claims }) => {
      const actual = instanceOf(claims);
      if (!actual) {
        return 'The token does not tell the instance: ask the metadata server for it with format=full, on Compute Engine.';
      }
      for (const [name, value] of wanted) {
        const claim = own(actual, INSTANCE_CLAIMS[name]);
        const equal = name === 'licenseId' ? Array.isArray(claim) && claim.includes(value) : claim === value;
        if (!equal) {
          return `The instance is another one: ${name} differs.${name === 'licenseId' && claim === undefined ? ` ${LICENSES_FIX}` : ''}`;
        }
      }
      return true;
    };
  },
);

/** The token of an instance lists its licenses only where it was asked to. */
const LICENSES_FIX =
  'The token tells no licenses: ask the metadata server for them with licenses=TRUE. The library for Java asks for license=TRUE in vain, at least in 0.18.';

function checkedInstance(instance: ComputeInstance): [keyof ComputeInstance, unknown][] {
  const entries = Object.entries(instance ?? {}) as [keyof ComputeInstance, unknown][];
  if (entries.length === 0) {
    throw new TypeError(`computeInstance() needs at least one of: ${Object.keys(INSTANCE_CLAIMS).join(', ')}.`);
  }
  for (const [name, value] of entries) {
    if (!Object.hasOwn(INSTANCE_CLAIMS, name)) {
      throw new TypeError(`computeInstance(): unknown option "${name}".`);
    }
    const isNumber = name === 'projectNumber';
    if (!(isNumber ? isWholeNumber(value) : isWord(value))) {
      throw new TypeError(`computeInstance(): "${name}" must be a ${isNumber ? 'number' : 'string'}. ${IS_IT_UNSET}`);
    }
  }
  if (!OWNERS.some((name) => Object.hasOwn(instance, name))) {
    throw new TypeError(
      'computeInstance() needs projectId, projectNumber or instanceId: anybody can have an instance of that name, zone or license.',
    );
  }
  return entries;
}

function isWholeNumber(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isWord(value: unknown): boolean {
  return typeof value === 'string' && /^\S+$/.test(value);
}

function checkedValues(
  name: string,
  values: readonly unknown[],
  isValid: (value: string) => boolean,
  what: string,
): Set<string> {
  if (values.length === 0) {
    throw new TypeError(`${name}() needs at least one value: ${what}.`);
  }
  for (const value of values) {
    if (typeof value !== 'string') {
      throw new TypeError(`${name}() takes strings: ${what}. ${IS_IT_UNSET}`);
    }
    if (!isValid(value)) {
      throw new TypeError(`${name}(): ${JSON.stringify(value)} is not ${what}.${fixFor(value, isValid)}`);
    }
  }
  return new Set(values as string[]);
}

function fixFor(value: string, isValid: (value: string) => boolean): string {
  if (value.trim() === '') {
    return ` ${IS_IT_UNSET}`;
  }
  const mended = value.trim().toLowerCase();
  return isValid(mended) ? ` Write ${JSON.stringify(mended)}.` : '';
}

function isUniqueIdOrServiceAccountEmail(value: string): boolean {
  // Lower case, and no prefix as in an IAM policy: anything else would never be equal.
  return isUniqueId(value) || /^[a-z0-9._-]+@([a-z0-9.-]+\.)?gserviceaccount\.com$/.test(value);
}

function isUniqueId(value: string): boolean {
  return /^\d+$/.test(value);
}

function isUserEmail(value: string): boolean {
  return /^[^\s\p{C}@:]+@[^\s\p{C}@]+$/u.test(value) && !isServiceAccountEmail(value);
}

function isDomain(value: string): boolean {
  return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value);
}

/** Google's own accounts that call Workspace add-ons and Chat apps: which one it is depends on the kind of app. */
const CHAT_OR_ADD_ON = /^(service-\d+@gcp-sa-gsuiteaddons\.iam|chat@system)\.gserviceaccount\.com$/;

function chatKinds(claims: GoogleIdTokenClaims): string {
  return CHAT_OR_ADD_ON.test(verifiedEmail(claims) ?? '')
    ? ' Apps that are Workspace add-ons are called by service-PROJECT_NUMBER@gcp-sa-gsuiteaddons.iam.gserviceaccount.com, standalone Chat apps by chat@system.gserviceaccount.com.'
    : '';
}

function hasAllowedEmail(claims: GoogleIdTokenClaims, allowed: ReadonlySet<string>): boolean {
  return allowed.has(verifiedEmail(claims) ?? '');
}

function emailReason(
  claims: GoogleIdTokenClaims,
  byEmail: boolean,
  kind: string,
  allowed: ReadonlySet<string>,
): string {
  const email = own(claims, 'email');
  if (byEmail && email === undefined) {
    return `The token has no e-mail to compare. ${EMAIL_FIX}`;
  }
  if (typeof email !== 'string') {
    return `The caller is not an allowed ${kind}.`;
  }
  if (verifiedEmail(claims) === undefined) {
    return `The e-mail ${quote(email)} of the caller is not verified ("email_verified" is not true).`;
  }
  if (allowed.has(email)) {
    return `The caller ${quote(email)} is a person: the token has a Workspace domain ("hd").`;
  }
  return `The caller ${quote(email)} is not an allowed ${kind}, expected ${listOf(allowed, allowed.size)}.`;
}
