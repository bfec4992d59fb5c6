/** Which agreements the scheduled job syncs: what is stored decides, not what has just happened, so nothing gets lost. */
import type { Database } from '#db/client.ts'
import type { FormerMapping } from '#db/mappings/former-mappings.ts'
import { type Mapping, mappingsOf } from '#db/mappings/mappings.ts'
import { type Invoice, invoicesOf } from '#db/prism/invoices.ts'
import { busyAgreements, createRun, type NewRunItem, type Run } from '#db/runs/runs.ts'
import { usableInvoices } from '#lib/intake/judge-month.ts'
import type { StoredContext } from './context.ts'
import { tenantsTakingOver, withLeft } from './former.ts'
import { settleExpired } from './mutes.ts'
import { oneTimeDue } from './one-time-due.ts'

/**
 * Makes one run of every agreement that is due and enqueues its jobs, and another one of those that only ended wrong and are
 * looked at again: it is hidden until one of them is found otherwise.
 */
export const enqueueDue = (ctx: StoredContext): Promise<void> =>
  ctx.db.transaction((tx) => enqueueWithin(tx, ctx))

const enqueueWithin = async (tx: Database, ctx: StoredContext): Promise<void> => {
  const { organisationId, program } = ctx
  await settleExpired(tx, ctx)
  if (!ctx.options.enabled) return
  const invoices = await invoicesOf(tx, organisationId, program.slug)
  const mappings = await mappingsOf(tx, organisationId, program.slug)
  const syncing = Map.groupBy(
    mappings.filter((each) => each.syncEnabled),
    ({ agreementId }) => agreementId,
  )
  const usable = new Map([...syncing].map(([id, of]) => [id, usableInvoices(invoices, of).invoices]))
  const takingOver = await tenantsTakingOver(tx, ctx, mappings)
  const againOf = ({ lookAgainAt, lookingSince }: Pick<Mapping, 'lookAgainAt' | 'lookingSince'>): Due => {
    if (lookAgainAt === null || lookAgainAt > ctx.now()) return null
    return lookingSince === null ? 'new' : 'again'
  }
  const dueOf = ({ agreementId, tenantId, firstPeriod, ...attempt }: Mapping): Due => {
    const first = takingOver.has(tenantId) ? '' : (firstPeriod ?? '')
    const all = (usable.get(agreementId) ?? []).filter(({ period }) => period >= first)
    if (all.length === 0) return null
    return all.some((each) => isNew(each, attempt, all.at(-1))) ? 'new' : againOf(attempt)
  }
  const busy = await busyAgreements(tx, organisationId, program.slug)
  const leftDueOf = (former: FormerMapping): Due => {
    const { agreementId, attemptedInvoiceId } = former
    const newest = usableInvoices(invoices, [former, ...(syncing.get(agreementId) ?? [])]).invoices.at(-1)
    if (newest === undefined) return null
    return attemptedInvoiceId !== newest.id ? 'new' : againOf(former)
  }
  const itemsThat = (are: Due) =>
    withLeft(
      tx,
      organisationId,
      program.slug,
      mappings,
      itemsOf(mappings, (mapping) => dueOf(mapping) === are),
      (former) => leftDueOf(former) === are,
    )
  const isFree = ({ agreementId }: NewRunItem) =>
    !busy.has(agreementId) && ctx.leftOut?.includes(agreementId) !== true
  const oneTime = await oneTimeDue(tx, ctx)
  const due = [...(await itemsThat('new')), ...oneTime.due].filter(isFree)
  const again = [...(await itemsThat('again')), ...oneTime.again].filter(
    (item) => isFree(item) && !due.some(({ agreementId }) => agreementId === item.agreementId),
  )
  await enqueueRun(tx, ctx, due, null)
  await enqueueRun(tx, ctx, again, 'hidden')
}

/** Why an agreement is due: something is new, or its last sync ended wrong and it is looked at again; `null`: it is not. */
type Due = 'new' | 'again' | null

const enqueueRun = async (
  tx: Database,
  ctx: StoredContext,
  items: readonly NewRunItem[],
  looksAgain: Run['looksAgain'],
): Promise<void> => {
  if (items.length === 0) return
  const { organisationId, program, actor } = ctx
  const run = { program: program.slug, kind: 'customers', trigger: 'schedule', actor, looksAgain } as const
  const { id: runId } = await createRun(tx, organisationId, run, items)
  await ctx.enqueue(
    tx,
    items.map(({ agreementId }) => ({ organisationId, program: program.slug, runId, agreementId })),
  )
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
