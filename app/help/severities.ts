import type { HelpPage } from '#lib/help/help-pages.ts'

/** What each kind of message says of what was written. */
export const SEVERITIES = {
  error: 'Error: something was not done',
  warning: 'Warning: to be looked at',
  note: 'Note: nothing is wrong',
} as const satisfies Record<HelpPage['severity'], string>
