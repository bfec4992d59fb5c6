/** Invoices of contract agreements that are not the picked one are no candidates of their month (F14). */
import type { Database } from '#db/client.ts'
import { hasListedSubscription, type NumberedInvoice, numberedInvoices } from '#db/prism/agreement-numbers.ts'
import { type Invoice, updateInvoice } from '#db/prism/invoices.ts'
import { lineFacts } from '#db/prism/loaded-lines.ts'
import { firstDay, lastDay } from '#lib/billing/days.ts'
import { judgementOf, kindOf } from './end-load.ts'

export interface Scope {
  readonly db: Database
  readonly organisationId: string
  /** Its slug. */
  readonly program: string
}

/**
 * Takes out of their months the invoices that are another contract agreement's, and back in those that are not any more,
 * because another one was picked. What a person picked or left out stays. To be called before months are decided, after
 * PRISM's lists were stored. @param all the stored invoices
 */
export const sortOutOthers = async (scope: Scope, all: readonly Invoice[]): Promise<void> => {
  const { db, organisationId, program } = scope
  const others = await invoicesOfOthers(scope)
  for (const each of all) {
    const isOther = others.has(each.id)
    if (isOther && each.decidedBy === null && ['loaded', 'ready', 'annual', 'held'].includes(each.state))
      await updateInvoice(db, organisationId, program, each.id, {
        ...ignored(others.get(each.id) ?? ''),
        ...nowhere,
      })
    if (!isOther && each.state === 'ignored' && each.reasonCode === 'other-agreement')
      await updateInvoice(db, organisationId, program, each.id, await judgedAgain(scope, each))
  }
}

const nowhere = { row: null, column: null }

const ignored = (number: string) =>
  ({
    state: 'ignored',
    reasonCode: 'other-agreement',
    reason: `It is of another contract agreement than the one that syncs (number ${number}).`,
  }) as const

/** What it is by itself, told from its stored lines. */
export const judgedAgain = async (
  { db, organisationId, program }: Scope,
  { id, period }: Pick<Invoice, 'id' | 'period'>,
) => {
  const month = { first: firstDay(period), last: lastDay(period) }
  const kind = await kindOf(db, organisationId, program, id)
  return { ...judgementOf(await lineFacts(db, organisationId, program, id, month), period, kind), kind }
}

/**
 * By id the AgreementNumber of each invoice that is of another contract agreement. PRISM's lists name contract agreements by
 * an id and its files by a number, and neither says which is whose: the picked one's is the number of the files that charge
 * what PRISM lists for it [inferred]. Where that is on no file yet, or there is one number, nobody's invoice is another's.
 */
const invoicesOfOthers = async ({ db, organisationId, program }: Scope): Promise<Map<string, string>> => {
  const numbered = (await numberedInvoices(db, organisationId, program)).filter(({ number }) => number !== '')
  const newest = new Map<string, NumberedInvoice>()
  for (const each of numbered) if (!newest.has(each.number)) newest.set(each.number, each)
  if (newest.size < 2) return new Map()
  const own = new Set<string>()
  for (const [number, { id }] of newest)
    if (await hasListedSubscription(db, organisationId, program, id)) own.add(number)
  if (own.size === 0) return new Map()
  return new Map(numbered.filter(({ number }) => !own.has(number)).map(({ id, number }) => [id, number]))
}
