/** Detect: looks at PRISM for new invoices, stores and judges them, and enqueues a sync of every agreement that has one to take up. */
import { invoicesWithUnassignedLines } from '#db/queries/invoice-lines.ts'
import { deleteDeadLoads, invoicesOf, lockInvoices, updateInvoice } from '#db/queries/invoices.ts'
import { lookAtTenantsAgain } from '#db/queries/mappings.ts'
import { storePriceList } from '#db/queries/products.ts'
import { noteProgramCheck, setContractAgreement } from '#db/queries/programs.ts'
import { replaceSetAside, type SetAsideList } from '#db/queries/set-aside.ts'
import { storeTenants } from '#db/queries/tenants.ts'
import { assignTenants } from '#db/queries/whose-lines.ts'
import { isDatabaseLost } from '#lib/base/database-lost.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { Day } from '#lib/billing/types.ts'
import type { Listed } from '#lib/prism/values.ts'
import { sortOutOthers } from './agreement-numbers.ts'
import type { SyncContext } from './context.ts'
import { programTenants } from './contract-agreement.ts'
import { enqueueDue } from './due.ts'
import { judgeInvoice } from './guarded.ts'
import { loadNew, storeIgnored } from './invoice-intake.ts'
import { decideMonth, isUndecided } from './months.ts'

export interface Detected {
  /** Invoices that were not known before, held, refused and ignored ones included. */
  readonly invoicesDetected: number
  /** The run that was made; `null` where no agreement has anything to take up. */
  readonly runId: string | null
}

/**
 * One pass. Call it as the only one of the organisation: a load that it finds begun is taken for dead. What one pass loaded to
 * its end stays, so that a first load of many months may take several.
 */
export const detect = async ({ ctx }: { ctx: SyncContext }): Promise<Detected> => {
  const { db, organisationId, program } = ctx
  try {
    await deleteDeadLoads(db, organisationId, program.slug)
    await readPrism(ctx)
    const invoices = await noted(ctx, 'invoices', await ctx.prism.invoices())
    const stored = await invoicesOf(db, organisationId, program.slug)
    const ignored = await storeIgnored(ctx, invoices.records, stored)
    const waiting = await loadNew(ctx, invoices.records, stored)
    const { decided, runId } = await decide(ctx)
    await noteProgramCheck(db, organisationId, program.slug, null)
    return { invoicesDetected: ignored + waiting + decided, runId }
  } catch (error) {
    if (isDatabaseLost(error)) throw error
    const what = error instanceof ProductError ? error.detail : 'An unexpected error occurred'
    await noteProgramCheck(db, organisationId, program.slug, what)
    throw error
  }
}

/** Tenants, subscriptions and the price list; lines that had no tenant so far may have one now. */
const readPrism = async (ctx: SyncContext): Promise<void> => {
  const { db, organisationId, program, prism, options } = ctx
  const read = await programTenants(prism, program, options.contractAgreementId)
  await replaceSetAside(db, organisationId, program.slug, 'contract-agreements', read.setAside)
  if (options.contractAgreementId === null)
    await setContractAgreement(db, organisationId, program.slug, read.agreementId)
  const tenants = await noted(ctx, 'tenants', read.tenants)
  await storeTenants(db, organisationId, program.slug, tenants.records, tenants.kept)
  const today = ctx.now().toISOString().slice(0, 10) as Day
  const products = await noted(ctx, 'products', await prism.priceList(read.agreementId, today))
  await storePriceList(db, organisationId, program.slug, products.records, products.kept)
  for (const id of await invoicesWithUnassignedLines(db, organisationId, program.slug)) {
    const concerned = await assignTenants(db, organisationId, program.slug, id)
    await lookAtTenantsAgain(db, organisationId, program.slug, concerned, ctx.now())
  }
}

/** The list, once what is odd in it is stored where people see it. */
const noted = async <T>(ctx: SyncContext, list: SetAsideList, listed: Listed<T>): Promise<Listed<T>> => {
  await replaceSetAside(ctx.db, ctx.organisationId, ctx.program.slug, list, listed.setAside)
  return listed
}

/**
 * One last transaction: what was loaded becomes ready or held, and what is due is enqueued. It decides on the rows as they are
 * then, locked: a person may have picked or excluded one while files came in.
 */
const decide = async (ctx: SyncContext): Promise<{ decided: number; runId: string | null }> => {
  const { organisationId, program } = ctx
  return ctx.db.transaction(async (tx) => {
    await sortOutOthers(
      { db: tx, organisationId, program: program.slug },
      await lockInvoices(tx, organisationId, program.slug),
    )
    const all = await lockInvoices(tx, organisationId, program.slug)
    const months = new Set(all.filter(isUndecided).map((each) => each.period))
    for (const period of months)
      for (const { id, set } of decideMonth(all.filter((each) => each.period === period))) {
        const isReady = set.state === 'ready'
        await updateInvoice(
          tx,
          organisationId,
          program.slug,
          id,
          isReady ? { ...set, readyAt: ctx.now() } : set,
        )
        if (isReady) await judgeInvoice({ db: tx, organisationId, program: program.slug }, { id, period })
      }
    const decided = all.filter((each) => each.state === 'loaded').length
    return { decided, runId: await enqueueDue(tx, ctx) }
  })
}
