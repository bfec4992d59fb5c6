/** Which agreements the scheduled job syncs: what is stored decides, not what has just happened, so nothing gets lost. */
import type { Database } from '#db/client.ts'
import type { FormerMapping } from '#db/mappings/former-mappings.ts'
import { type Mapping, mappingsOf } from '#db/mappings/mappings.ts'
import { type Invoice, invoicesOf } from '#db/prism/invoices.ts'
import { busyAgreements, createRun, type NewRunItem } from '#db/runs/runs.ts'
import { usableInvoices } from '#lib/intake/judge-month.ts'
import type { SyncContext } from './context.ts'
import { tenantsTakingOver, withLeft } from './former.ts'

/** Makes one run of every agreement that is due and enqueues its jobs; `null` where none is. */
export const enqueueDue = (ctx: SyncContext): Promise<string | null> =>
  ctx.db.transaction((tx) => enqueueWithin(tx, ctx))

const enqueueWithin = async (tx: Database, ctx: SyncContext): Promise<string | null> => {
  const { organisationId, program } = ctx
  if (!ctx.options.enabled) return null
  const invoices = await invoicesOf(tx, organisationId, program.slug)
  const mappings = await mappingsOf(tx, organisationId, program.slug)
  const syncing = Map.groupBy(
    mappings.filter((each) => each.syncEnabled),
    ({ agreementId }) => agreementId,
  )
  const usable = new Map([...syncing].map(([id, of]) => [id, usableInvoices(invoices, of).invoices]))
  const takingOver = await tenantsTakingOver(tx, ctx, mappings)
  const isDue = ({ agreementId, tenantId, firstPeriod, lookAgainAt, ...attempt }: Mapping): boolean => {
    const first = takingOver.has(tenantId) ? '' : (firstPeriod ?? '')
    const all = (usable.get(agreementId) ?? []).filter(({ period }) => period >= first)
    return (
      all.length > 0 &&
      (all.some((each) => isNew(each, attempt, all.at(-1))) ||
        (lookAgainAt !== null && lookAgainAt <= ctx.now()))
    )
  }
  const busy = await busyAgreements(tx, organisationId, program.slug)
  const isLeftDue = (former: FormerMapping): boolean => {
    const { agreementId, attemptedInvoiceId, lookAgainAt } = former
    const newest = usableInvoices(invoices, [former, ...(syncing.get(agreementId) ?? [])]).invoices.at(-1)
    const isAgain = lookAgainAt !== null && lookAgainAt <= ctx.now()
    return newest !== undefined && (attemptedInvoiceId !== newest.id || isAgain)
  }
  const items = await withLeft(
    tx,
    organisationId,
    program.slug,
    mappings,
    itemsOf(mappings, isDue),
    isLeftDue,
  )
  const due = items.filter(({ agreementId }) => !busy.has(agreementId) && !ctx.leftOut?.includes(agreementId))
  if (due.length === 0) return null
  const run = { program: program.slug, kind: 'customers', trigger: 'schedule', actor: ctx.actor } as const
  const { id: runId } = await createRun(tx, organisationId, run, due)
  await ctx.enqueue(
    tx,
    due.map(({ agreementId }) => ({ organisationId, program: program.slug, runId, agreementId })),
  )
  return runId
}

/** The newest one that was not taken up, or one of an earlier month that came, or was picked, since. */
const isNew = (
  { id, readyAt }: Invoice,
  { attemptedInvoiceId, attemptedAt }: Pick<Mapping, 'attemptedInvoiceId' | 'attemptedAt'>,
  newest: Invoice | undefined,
): boolean =>
  (id === newest?.id && attemptedInvoiceId !== id) ||
  (attemptedAt !== null && readyAt !== null && readyAt > attemptedAt)

/** One item for each agreement with a syncing mapping that is wanted; its other mapped tenants come with it. */
export const itemsOf = (
  mappings: readonly Mapping[],
  isWanted: (mapping: Mapping) => boolean,
): NewRunItem[] => {
  const items = new Map<number, NewRunItem>()
  for (const mapping of mappings) {
    if (!mapping.syncEnabled || !isWanted(mapping) || items.has(mapping.agreementId)) continue
    const { agreementId, agreementName, companyId, companyName } = mapping
    const tenantIds = mappings.filter((each) => each.agreementId === agreementId).map((each) => each.tenantId)
    items.set(agreementId, { agreementId, agreementName, companyId, companyName, tenantIds })
  }
  return [...items.values()]
}
