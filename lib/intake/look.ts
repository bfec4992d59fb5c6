/** A look at PRISM: what it lists is stored, and each invoice that is new is loaded and judged. */
import { lookAtTenantsAgain } from '#db/mappings/mappings.ts'
import { deleteDeadLoads, invoicesOf, lockInvoices, updateInvoice } from '#db/prism/invoices.ts'
import { invoicesWithUnassignedLines } from '#db/prism/loaded-lines.ts'
import { storePriceList } from '#db/prism/products.ts'
import { noteProgramCheck, setContractAgreement } from '#db/prism/programs.ts'
import { replaceSetAside, type SetAsideList } from '#db/prism/set-aside.ts'
import { storeTenants } from '#db/prism/tenants.ts'
import { assignTenants } from '#db/prism/whose-lines.ts'
import { isDatabaseLost } from '#lib/base/database-lost.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { Day } from '#lib/billing/types.ts'
import type { Listed } from '#lib/prism/values.ts'
import { sortOutOthers } from './agreement-numbers.ts'
import type { IntakeContext } from './context.ts'
import { programTenants } from './contract-agreement.ts'
import { judgeInvoice } from './guarded.ts'
import { loadNew, storeIgnored } from './invoice-intake.ts'
import { decideMonth, isUndecided } from './judge-month.ts'

export interface Seen {
  /** Invoices that were not known before, held, refused and ignored ones included. */
  readonly invoicesDetected: number
  /** Whether its time was up before all files were looked at: what was loaded stays, and another look goes on. */
  readonly isCut: boolean
}

/**
 * One pass. Call it as the only one of the organisation: a load that it finds begun is taken for dead. What one pass loaded to
 * its end stays, so that a first load of many months may take several. @param begunAt when the look began whose rest it is
 */
export const lookAtPrism = async ({
  ctx,
  begunAt,
}: {
  ctx: IntakeContext
  begunAt?: Date | undefined
}): Promise<Seen> => {
  const { db, organisationId, program } = ctx
  try {
    await deleteDeadLoads(db, organisationId, program.slug)
    await readPrism(ctx)
    const invoices = await noted(ctx, 'invoices', await ctx.prism.invoices())
    const stored = await invoicesOf(db, organisationId, program.slug)
    const ignored = await storeIgnored(ctx, invoices.records, stored)
    const { found, isCut } = await loadNew(ctx, invoices.records, stored, begunAt)
    // Months are decided together, so that an older one never comes after a newer one.
    const decided = isCut ? 0 : await decide(ctx)
    await noteProgramCheck(db, organisationId, program.slug, null)
    return { invoicesDetected: ignored + found + decided, isCut }
  } catch (error) {
    if (isDatabaseLost(error)) throw error
    const what = error instanceof ProductError ? error.detail : 'An unexpected error occurred'
    await noteProgramCheck(db, organisationId, program.slug, what)
    throw error
  }
}

/** Tenants, subscriptions and the price list; lines that had no tenant so far may have one now. */
const readPrism = async (ctx: IntakeContext): Promise<void> => {
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
const noted = async <T>(ctx: IntakeContext, list: SetAsideList, listed: Listed<T>): Promise<Listed<T>> => {
  await replaceSetAside(ctx.db, ctx.organisationId, ctx.program.slug, list, listed.setAside)
  return listed
}

/**
 * One last transaction: what was loaded becomes ready or held. It decides on the rows as they are then, locked: a person may
 * have picked or excluded one while files came in. Returns how many were decided.
 */
const decide = async (ctx: IntakeContext): Promise<number> => {
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
    return all.filter((each) => each.state === 'loaded').length
  })
}
