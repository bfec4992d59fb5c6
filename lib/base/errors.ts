/**
 * Operating errors: a closed set of codes, each with its meaning, what to do about it, and its HTTP status.
 * Programmer errors are plain `Error`s; at a border they become `unexpected`, with a reference (F10).
 */
import { isOfBrand } from './brand.ts'
import { factorErrorKinds } from './factor-error-kinds.ts'
import { mappingErrorKinds } from './mapping-error-kinds.ts'
import { podErrorKinds } from './pod-error-kinds.ts'
import { storable } from './storable-text.ts'

interface ErrorKind {
  /** What happened, in one sentence; the title of the problem. */
  readonly meaning: string
  /** What to do next. */
  readonly remedy: string
  /** HTTP status of a route that answers with it. */
  readonly status: number
}

export const errorKinds = {
  'environment-invalid': {
    meaning: 'The environment of this deployment is not complete or not valid.',
    remedy: 'Correct the variables named in the detail; .env.example describes each.',
    status: 500,
  },
  'database-unreachable': {
    meaning: 'The database cannot be reached.',
    remedy:
      'Nothing is lost: what was under way goes on by itself once it is back. Try again in a moment; if it stays away, whoever runs this deployment looks at the database.',
    status: 503,
  },
  'database-outdated': {
    meaning: 'The database is not at the version of this deployment.',
    remedy: 'Whoever runs this deployment runs npm run migrate; npm start does so by itself.',
    status: 503,
  },
  'database-newer': {
    meaning: 'The database is at a later version than this deployment.',
    remedy: 'Whoever runs this deployment starts the later version.',
    status: 503,
  },
  'work-stands-still': {
    meaning: 'Scheduled work stands still.',
    remedy:
      'Whoever runs this deployment sees that its scheduled call is made every few minutes, as npm start does by itself. Nothing is lost: the work goes on with the next call.',
    status: 503,
  },
  'request-invalid': {
    meaning: 'What was entered cannot be used as it is.',
    remedy: 'Correct what the detail names and send it again.',
    status: 400,
  },
  'method-not-allowed': {
    meaning: 'The address does not offer this method.',
    remedy: 'Use one of the methods that the header Allow names.',
    status: 405,
  },
  'body-too-large': {
    meaning: 'The request is too large.',
    remedy: 'Send less at once; the detail says how much is taken.',
    status: 413,
  },
  'body-not-json': {
    meaning: 'The request’s body is not sent as JSON.',
    remedy: 'Send JSON, and say so with the header Content-Type: application/json.',
    status: 415,
  },
  'sign-in-needed': {
    meaning: 'This needs a signed-in person or a valid API token.',
    remedy: 'Sign in, or send a valid token.',
    status: 401,
  },
  'sign-in-refused': {
    meaning: 'The sign-in was refused.',
    remedy: 'Check what was entered and try again.',
    status: 401,
  },
  ...factorErrorKinds,
  'link-invalid': {
    meaning: 'The link is not valid any more.',
    remedy: 'Ask whoever sent it for a new one.',
    status: 404,
  },
  'prism-sign-in-needed': {
    meaning: 'This is done in PRISM in your name, so PRISM must know who you are.',
    remedy: 'Sign in with PRISM and try again, or choose “Configure credentials”.',
    status: 409,
  },
  'not-allowed': {
    meaning: 'Your role does not allow this.',
    remedy: 'Ask the owner of the organisation to do it or to give you the role.',
    status: 403,
  },
  'not-found': {
    meaning: 'What was asked for is not there.',
    remedy: 'Go back and choose it again; it may have been removed meanwhile.',
    status: 404,
  },
  conflict: {
    meaning: 'This cannot be done as things stand.',
    remedy:
      'Mend what the detail names; where it names nothing to mend, load the page again to see what has changed.',
    status: 409,
  },
  'too-many-requests': {
    meaning: 'Too many requests in a short time.',
    remedy: 'Wait a minute and try again.',
    status: 429,
  },
  'address-refused': {
    meaning: 'The address may not be reached from this deployment.',
    remedy:
      'Use a public https address. An address on your own network is added to TRUSTED_HOSTS (host:port) by the operator.',
    status: 400,
  },
  'secret-unreadable': {
    meaning: 'A stored secret cannot be opened with the configured ENCRYPTION_KEY.',
    remedy: 'Restore the key that sealed it, or enter the credentials again under Connections.',
    status: 500,
  },
  'connection-unreadable': {
    meaning: 'What is stored of a connection is not understood.',
    remedy: 'Enter the credentials again under Connections.',
    status: 500,
  },
  'prism-not-connected': {
    meaning: 'PRISM is not connected.',
    remedy: 'Connect PRISM under Connections.',
    status: 409,
  },
  'currency-change-asks': {
    meaning: 'PRISM’s currency would change although customers are billed in the one of now.',
    remedy: 'Keep the currency, or choose “Change the currency” where all of it is meant.',
    status: 409,
  },
  'contract-agreement-unclear': {
    meaning: 'It is not clear which contract agreement of PRISM syncs.',
    remedy: 'Pick the one that syncs under Connections.',
    status: 409,
  },
  'prism-refused': {
    meaning: 'PRISM did not allow it.',
    remedy:
      'Check the PRISM credentials under Connections, and in PRISM that they may read tenants, prices and invoices.',
    status: 422,
  },
  'prism-unreachable': {
    meaning: 'PRISM did not answer.',
    remedy: 'Nothing was changed. Try again later; the scheduled check does so by itself.',
    status: 502,
  },
  'prism-unreadable': {
    meaning: 'PRISM answered in a form that is not understood.',
    remedy: 'Nothing was changed. Pass the detail on to rhipe operations.',
    status: 502,
  },
  'invoice-refused': {
    meaning: 'The invoice file has an error, so none of it is used.',
    remedy: 'Ask rhipe for a corrected invoice; the detail names the line and the column.',
    status: 422,
  },
  'connectwise-not-connected': {
    meaning: 'ConnectWise is not connected.',
    remedy: 'Connect ConnectWise under Connections.',
    status: 409,
  },
  'connectwise-site-unknown': {
    meaning: 'ConnectWise does not know this company id at this site.',
    remedy: 'Check the site and the company id that is entered when signing in to ConnectWise.',
    status: 422,
  },
  'connectwise-keys-refused': {
    meaning: 'ConnectWise does not accept the keys.',
    remedy:
      'Check both keys of the API member. A private key is shown only when it is made; make a new pair where it is lost.',
    status: 422,
  },
  'connectwise-permission-missing': {
    meaning: 'The API member lacks a permission in ConnectWise.',
    remedy:
      'Give its security role the permissions that the page Preparation lists, and check the client id.',
    status: 422,
  },
  'connectwise-refused': {
    meaning: 'ConnectWise returned an error response.',
    remedy: 'Correct what the message names in ConnectWise, then sync again.',
    status: 502,
  },
  'connectwise-unknown': {
    meaning: 'ConnectWise did not answer a write, so it is not known whether it took place.',
    remedy: 'Nothing is sent twice: the next sync reads what ConnectWise holds and goes on from there.',
    status: 502,
  },
  'connectwise-stale': {
    meaning: 'ConnectWise does not show yet what was written to it.',
    remedy: 'Nothing more was written, so nothing is billed twice. Sync again in a few minutes.',
    status: 502,
  },
  'connectwise-unreachable': {
    meaning: 'ConnectWise did not answer.',
    remedy: 'Try again later; the scheduled sync does so by itself.',
    status: 502,
  },
  'connectwise-unreadable': {
    meaning: 'ConnectWise answered in a form that is not understood.',
    remedy:
      'Check the site under Connections: a company’s own proxy may answer in ConnectWise’s place. Otherwise pass the detail on to rhipe operations.',
    status: 502,
  },
  ...podErrorKinds,
  ...mappingErrorKinds,
  'sync-off': {
    meaning: 'Sync is switched off.',
    remedy: 'Switch Sync on for the program and the customer.',
    status: 409,
  },
  'already-running': {
    meaning: 'A sync of this agreement is already running.',
    remedy: 'Wait for it to finish, or stop it.',
    status: 409,
  },
  'lease-lost': {
    meaning: 'Another process has taken over this sync.',
    remedy: 'Nothing to do: the other process goes on with it.',
    status: 409,
  },
  unexpected: {
    meaning: 'An unexpected error occurred',
    remedy: 'Pass the reference on to rhipe operations; it finds the entry in the log.',
    status: 500,
  },
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof errorKinds
export const errorCodes = Object.keys(errorKinds) as [ErrorCode, ...ErrorCode[]]

/**
 * An operating error. `detail` is this occurrence in words; it never holds a secret, and it can be stored, whatever foreign
 * text it was made of.
 */
export class ProductError extends Error {
  static readonly brand: string = 'ProductError'
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isOfBrand(this, value)
  }
  override readonly name: string = 'ProductError'
  readonly code: ErrorCode
  readonly detail: string

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    const words = storable(detail)
    super(words, options)
    this.code = code
    this.detail = words
  }
}

/** Too many in a short time; a route says with `Retry-After` when the next try may succeed. */
export class TooManyRequests extends ProductError {
  static override readonly brand = 'TooManyRequests'
  override readonly name = 'TooManyRequests'
  readonly retryAfterSeconds: number

  constructor(detail: string, retryAfterSeconds: number) {
    super('too-many-requests', detail)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** RFC 9457 problem details with our stable `code` and `remedy`; `reference` finds the log entry (F10). */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ErrorCode
  readonly remedy: string
  readonly reference?: string
}

/** The problem of a code; for `unexpected` pass the reference that `log.unexpected` gave, and no inner detail. */
export function problemOf(code: ErrorCode, detail: string, reference?: string): Problem {
  const { meaning, remedy, status } = errorKinds[code]
  return {
    type: `urn:prism-pod:error:${code}`,
    title: meaning,
    status,
    detail,
    code,
    remedy,
    ...(reference === undefined ? {} : { reference }),
  }
}
