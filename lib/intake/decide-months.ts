/** The months are decided together, when the files are in that a look found, so that an older one never comes after a newer one. */
import { type DoneLoads, lockDoneLoads } from '#db/prism/invoice-loads.ts'
import { lockInvoices, updateInvoice } from '#db/prism/invoices.ts'
import { sortOutOthers } from './agreement-numbers.ts'
import type { IntakeContext } from './context.ts'
import { judgeInvoice } from './guarded.ts'
import { decideMonth, isUndecided } from './judge-month.ts'

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
    await sortOutOthers(scope, await lockInvoices(tx, organisationId, program.slug))
    const all = await lockInvoices(tx, organisationId, program.slug)
    const months = new Set(all.filter(isUndecided).map((each) => each.period))
    for (const period of months)
      for (const { id, set } of decideMonth(all.filter((each) => each.period === period))) {
        const isReady = set.state === 'ready'
        const change = isReady ? { ...set, readyAt: ctx.now() } : set
        await updateInvoice(tx, organisationId, program.slug, id, change)
        if (isReady) await judgeInvoice(scope, { id, period })
      }
    return { decided: all.filter((each) => each.state === 'loaded').length, loads }
  })
}
