import type { ShownInvoice } from '#app/api/schemas/invoices.ts'

/** The states of an invoice, as people read them (F1). */
export const STATES = {
  loading: { text: 'Being read', tone: 'warn' },
  loaded: { text: 'Being read', tone: 'warn' },
  ready: { text: 'In use', tone: 'good' },
  annual: { text: 'In use', tone: 'good' },
  held: { text: 'Waits for you', tone: 'warn' },
  refused: { text: 'Cannot be read', tone: 'bad' },
  unread: { text: 'Not given by PRISM', tone: 'bad' },
  ignored: { text: 'Ignored', tone: 'quiet' },
  excluded: { text: 'Excluded', tone: 'quiet' },
  superseded: { text: 'Replaced', tone: 'quiet' },
} as const

export const isLeftOut = ({ state }: ShownInvoice): boolean => STATES[state].tone === 'quiet'

/** Neither simply used nor left out. */
export const isToBeSeen = (invoice: ShownInvoice): boolean =>
  !isLeftOut(invoice) &&
  ((invoice.state !== 'ready' && invoice.state !== 'annual') ||
    invoice.badLines.length > 0 ||
    invoice.openLines.some(({ is }) => is !== 'nobodys') ||
    invoice.unreadSince !== null)
