/** The invoices are decided about together, when the files are in that a look found, so that an older one never comes after a newer one. */
import { type DoneLoads, lockDoneLoads } from '#db/prism/invoice-loads.ts'
import { type Invoice, lockInvoices, updateInvoice } from '#db/prism/invoices.ts'
import { type Scope, sortOutOthers } from './agreement-numbers.ts'
import { tellAnnual } from './annual-taken-for-monthly.ts'
import type { IntakeContext } from './context.ts'
import { judgeInvoice } from './guarded.ts'
import { type Decision, decideInvoices } from './judge-month.ts'

export interface DecidedMonths {
  /** How many loaded invoices were decided about. */
  readonly decided: number
  /** The loads that this was about, to be forgotten when all that follows is done. */
  readonly loads: DoneLoads
}

/**
 * One transaction: what was loaded becomes ready or held. It decides on the rows as they are then, locked: a person may
 * have picked or excluded one while files came in. `null`, and nothing is decided, while a file is still to come.
 */
export const decideMonths = async (
  ctx: Pick<IntakeContext, 'db' | 'organisationId' | 'program' | 'now'>,
): Promise<DecidedMonths | null> => {
  const { organisationId, program } = ctx
  return ctx.db.transaction(async (tx) => {
    const loads = await lockDoneLoads(tx, organisationId, program.slug)
    if (loads === null) return null
    const scope = { db: tx, organisationId, program: program.slug }
    await tellAnnual(scope, await lockInvoices(tx, organisationId, program.slug))
    await sortOutOthers(scope, await lockInvoices(tx, organisationId, program.slug))
    const all = await lockInvoices(tx, organisationId, program.slug)
    await storeDecisions(scope, all, decideInvoices(all), ctx.now())
    return { decided: all.filter((each) => each.state === 'loaded').length, loads }
  })
}

/** Stores what was decided; a month's invoice that comes into use by it is judged by the guards. */
export const storeDecisions = async (
  scope: Scope,
  all: readonly Invoice[],
  decisions: readonly Decision[],
  now: Date,
): Promise<void> => {
  const { db, organisationId, program } = scope
  const periodOf = new Map(all.map(({ id, period }) => [id, period]))
  for (const { id, set } of decisions) {
    const change = set.state === 'held' ? set : { ...set, readyAt: now }
    await updateInvoice(db, organisationId, program, id, change)
    const period = periodOf.get(id)
    if (set.state === 'ready' && period !== undefined) await judgeInvoice(scope, { id, period })
  }
}
