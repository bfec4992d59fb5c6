/** A look at PRISM: what it lists is stored, and which invoices' files are to be loaded. */
import { lookAtTenantsAgain } from '#db/mappings/mappings.ts'
import { lookAtOneTimeAgain } from '#db/mappings/one-time.ts'
import { askForLoads, deleteDeadLoads, openLoads } from '#db/prism/invoice-loads.ts'
import { invoicesOf } from '#db/prism/invoices.ts'
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
import type { IntakeContext } from './context.ts'
import { programTenants } from './contract-agreement.ts'
import { filesToLoad, storeIgnored } from './invoice-intake.ts'

export interface Seen {
  /** Invoices that were not known before and are none to load. */
  readonly invoicesDetected: number
  /** PRISM's ids of the invoices whose files are to be loaded, those included that an earlier look found and that are not in yet. */
  readonly loads: readonly string[]
}

/**
 * One pass. Call it as the only one of the organisation. Each file that it finds is loaded by itself (`loadInvoice`), and the
 * months are decided when all of them are in (`decideMonths`).
 */
export const lookAtPrism = async ({ ctx }: { ctx: IntakeContext }): Promise<Seen> => {
  const { db, organisationId, program } = ctx
  const of = [db, organisationId, program.slug] as const
  try {
    await deleteDeadLoads(...of)
    await readPrism(ctx)
    const invoices = await noted(ctx, 'invoices', await ctx.prism.invoices())
    const stored = await invoicesOf(...of)
    const ignored = await storeIgnored(ctx, invoices.records, stored)
    const files = filesToLoad(ctx, invoices.records, stored)
    await askForLoads(
      ...of,
      files.map(({ id, ...listed }) => ({ ...listed, prismInvoiceId: id })),
    )
    await noteProgramCheck(...of, null)
    return { invoicesDetected: ignored, loads: await openLoads(...of) }
  } catch (error) {
    if (isDatabaseLost(error)) throw error
    const what =
      error instanceof ProductError ? error : { detail: 'An unexpected error occurred', code: null }
    await noteProgramCheck(...of, what)
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
    await lookAtOneTimeAgain(db, organisationId, program.slug, ctx.now(), concerned)
  }
}

/** The list, once what is odd in it is stored where people see it. */
const noted = async <T>(ctx: IntakeContext, list: SetAsideList, listed: Listed<T>): Promise<Listed<T>> => {
  await replaceSetAside(ctx.db, ctx.organisationId, ctx.program.slug, list, listed.setAside)
  return listed
}
