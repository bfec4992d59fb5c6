/** Errors of a sign-in that lacks a second factor, as `errors.ts` has them. */
export const factorErrorKinds = {
  'second-factor-needed': {
    meaning: 'The password is right; the second factor is needed, too.',
    remedy: 'Enter the code that your authenticator shows now, or one of your recovery codes.',
    status: 401,
  },
  'second-factor-to-set-up': {
    meaning: 'A second factor must be set up first.',
    remedy: 'Set it up with an authenticator on your phone; the sign-in page leads through it.',
    status: 401,
  },
} as const
