/**
 * Annual invoices that a version of the product which did not know of them took for their month's (J9): they are told, and judged
 * anew once. What a person decided stays.
 */
import { type Invoice, updateInvoice } from '#db/prism/invoices.ts'
import { judgedAgain, type Scope } from './agreement-numbers.ts'
import { kindOf } from './end-load.ts'
import { versionsOf } from './versions.ts'

/** Call it before invoices are decided about. @param all the stored invoices */
export const tellAnnual = async (scope: Scope, all: readonly Invoice[]): Promise<void> => {
  const { db, organisationId, program } = scope
  for (const each of all.filter((one) => mayBeAnnual(one, all))) {
    if ((await kindOf(db, organisationId, program, each.id)) !== 'annual') continue
    const told = { kind: 'annual', state: each.state === 'ready' ? 'annual' : each.state } as const
    const change = isJudgedAnew(each, all) ? await judgedAgain(scope, each) : told
    await updateInvoice(db, organisationId, program, each.id, change)
  }
}

/** One that another took the place of is only where no later content of it came. */
const isJudgedAnew = ({ id, prismInvoiceId, state, decidedBy }: Invoice, all: readonly Invoice[]): boolean =>
  decidedBy === null &&
  (state === 'held' || (state === 'superseded' && versionsOf(all, prismInvoiceId).at(-1)?.id === id))

/** Of those that are in use only one that keeps another from its month is looked at: it may have a million lines. */
const mayBeAnnual = (invoice: Invoice, all: readonly Invoice[]): boolean => {
  const { kind, state, hasCycle, lineCount, decidedBy } = invoice
  if (kind !== 'monthly' || hasCycle !== true || lineCount === 0) return false
  if (state === 'ready')
    return decidedBy === null && all.some((each) => each.period === invoice.period && isKeptOut(each))
  return state === 'excluded' || state === 'superseded' || (state === 'held' && isTakenForRival(invoice))
}

const isTakenForRival = ({ reasonCode }: Invoice): boolean =>
  reasonCode === 'candidates' ||
  reasonCode === 'reissue' ||
  reasonCode === 'out-of-month' ||
  reasonCode === 'negative-line'

const isKeptOut = ({ state, reasonCode }: Invoice): boolean =>
  state === 'loaded' || (state === 'held' && (reasonCode === 'candidates' || reasonCode === 'reissue'))
