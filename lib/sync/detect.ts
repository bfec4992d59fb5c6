/** Detect: looks at PRISM for new invoices, stores and judges them, and enqueues a sync of every agreement that has one to take up. */
import {
  assignTenants,
  deleteDeadLoads,
  type Invoice,
  invoicesOf,
  invoicesWithUnassignedLines,
  putInvoiceWithoutLines,
  updateInvoice,
} from '#db/queries/invoices.ts'
import { storePriceList } from '#db/queries/products.ts'
import { noteProgramCheck, setContractAgreement } from '#db/queries/programs.ts'
import { storeTenants } from '#db/queries/tenants.ts'
import { ProductError } from '#lib/base/errors.ts'
import { addMonths } from '#lib/billing/days.ts'
import type { Day } from '#lib/billing/types.ts'
import type { InvoiceHeader } from '#lib/prism/values.ts'
import type { SyncContext } from './context.ts'
import { enqueueDue } from './due.ts'
import { contentHash, type Loaded, loadInvoice, nextInvoiceId } from './load.ts'
import { type Decision, decideMonth } from './months.ts'

export interface Detected {
  /** Invoices that were not known before, held, refused and ignored ones included. */
  readonly invoicesDetected: number
  /** The run that was made; `null` where no agreement has anything to take up. */
  readonly runId: string | null
}

/** Invoices of at most this many usage months back are taken up; older ones can no longer be synced in order. */
const monthsBack = 12
/** The content of invoices of this many latest months is looked at every time: that is where a re-issue comes. */
const recentMonths = 2
/** That of older ones once in this time. */
const contentCheckMs = 24 * 60 * 60 * 1000

/** One pass. Call it as the only one of the organisation: a load that it finds begun is taken for dead. */
export const detect = async ({ ctx }: { ctx: SyncContext }): Promise<Detected> => {
  const { db, organisationId, program } = ctx
  try {
    await deleteDeadLoads(db, organisationId, program.slug)
    await readPrism(ctx)
    const headers = await ctx.prism.invoices()
    const stored = await invoicesOf(db, organisationId, program.slug)
    const ignored = await storeIgnored(ctx, headers, stored)
    const loaded = await loadNew(ctx, headers, stored)
    const runId = await decide(ctx, stored, loaded)
    await noteProgramCheck(db, organisationId, program.slug, null)
    return { invoicesDetected: ignored + loaded.length, runId }
  } catch (error) {
    const what = error instanceof ProductError ? error.detail : 'An unexpected error occurred'
    await noteProgramCheck(db, organisationId, program.slug, what)
    throw error
  }
}

/** Tenants, subscriptions and the price list; lines that had no tenant so far may have one now. */
const readPrism = async (ctx: SyncContext): Promise<void> => {
  const { db, organisationId, program, prism } = ctx
  const agreementId = await contractAgreement(ctx)
  await storeTenants(db, organisationId, program.slug, await prism.tenants(agreementId))
  const today = ctx.now().toISOString().slice(0, 10) as Day
  await storePriceList(db, organisationId, program.slug, await prism.priceList(agreementId, today))
  for (const id of await invoicesWithUnassignedLines(db, organisationId, program.slug))
    await assignTenants(db, organisationId, program.slug, id)
}

/** F14: a single one is picked by itself; several wait for a person. */
const contractAgreement = async (ctx: SyncContext): Promise<string> => {
  if (ctx.options.contractAgreementId !== null) return ctx.options.contractAgreementId
  const all = (await ctx.prism.contractAgreements()).filter(
    (each) => each.programName === ctx.program.prismName,
  )
  const [only] = all
  if (!only)
    throw new ProductError(
      'conflict',
      `PRISM has no contract agreement of ${ctx.program.prismName} for these credentials.`,
    )
  if (all.length > 1)
    throw new ProductError(
      'conflict',
      `PRISM has ${all.length} contract agreements of ${ctx.program.prismName}: choose under Options of the program the one that syncs.`,
    )
  await setContractAgreement(ctx.db, ctx.organisationId, ctx.program.slug, only.id)
  return only.id
}

/** Invoices that are not the program's are listed with the reason, never silently left out (F1). */
const storeIgnored = async (
  ctx: SyncContext,
  headers: readonly InvoiceHeader[],
  stored: readonly Invoice[],
): Promise<number> => {
  const known = new Set(stored.map((each) => each.prismInvoiceId))
  const others = headers.filter((each) => each.programName !== ctx.program.prismName && !known.has(each.id))
  for (const { id, programName, period, invoicedOn } of others)
    await putInvoiceWithoutLines(ctx.db, ctx.organisationId, ctx.program.slug, {
      id,
      prismInvoiceId: id,
      programName,
      period,
      invoicedOn,
      state: 'ignored',
      reasonCode: 'other-program',
      reason: `It is an invoice of '${programName}', not a standard monthly one of '${ctx.program.prismName}'.`,
    })
  return others.length
}

/** Loads what is new: an invoice never seen, or other content under a known id. Oldest month first. */
const loadNew = async (
  ctx: SyncContext,
  headers: readonly InvoiceHeader[],
  stored: readonly Invoice[],
): Promise<Loaded[]> => {
  const ours = headers
    .filter((each) => each.programName === ctx.program.prismName)
    .sort((a, b) => (a.period < b.period ? -1 : a.period > b.period ? 1 : 0))
  const newest = ours.at(-1)?.period
  if (newest === undefined) return []
  const loaded: Loaded[] = []
  for (const header of ours.filter((each) => each.period > addMonths(newest, -monthsBack))) {
    const versions = stored.filter((each) => each.prismInvoiceId === header.id)
    const isRecent = header.period > addMonths(newest, -recentMonths)
    if (versions.length > 0 && !(await hasNewContent(ctx, versions, isRecent))) continue
    loaded.push(await loadInvoice(ctx, header, nextInvoiceId(header.id, versions)))
  }
  return loaded
}

const hasNewContent = async (
  ctx: SyncContext,
  versions: readonly Invoice[],
  isRecent: boolean,
): Promise<boolean> => {
  const checkedAt = Math.max(...versions.map((each) => each.contentCheckedAt?.getTime() ?? 0))
  if (!isRecent && ctx.now().getTime() - checkedAt < contentCheckMs) return false
  const [first] = versions
  if (!first) return true
  const hash = await contentHash(ctx, first.prismInvoiceId)
  if (!versions.some((each) => each.contentHash === hash)) return true
  for (const { id } of versions)
    await updateInvoice(ctx.db, ctx.organisationId, ctx.program.slug, id, { contentCheckedAt: ctx.now() })
  return false
}

/** One last transaction: what was loaded becomes ready, held or refused, and what is due is enqueued. */
const decide = async (
  ctx: SyncContext,
  stored: readonly Invoice[],
  loaded: readonly Loaded[],
): Promise<string | null> => {
  const { organisationId, program } = ctx
  const months = new Set([
    ...loaded.map(({ header }) => header.period),
    ...waiting(stored).map((each) => each.period),
  ])
  const decisions: Decision[] = [...months].flatMap((period) =>
    decideMonth(
      stored.filter((each) => each.period === period && each.state !== 'ignored'),
      loaded.filter(({ header }) => header.period === period),
    ),
  )
  return ctx.db.transaction(async (tx) => {
    for (const { id, set } of decisions)
      await updateInvoice(
        tx,
        organisationId,
        program.slug,
        id,
        set.state === 'ready' ? { ...set, readyAt: ctx.now() } : set,
      )
    return enqueueDue(tx, ctx)
  })
}

/** Held only for another candidate, which may have been excluded since. */
const waiting = (stored: readonly Invoice[]): Invoice[] =>
  stored.filter(
    (each) => each.state === 'held' && (each.reasonCode === 'candidates' || each.reasonCode === 'reissue'),
  )
