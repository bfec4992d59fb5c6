/** A person moves on by hand: starts a customer at another month, passes over one of a subscription, or takes that back (F12). */
import type { Database } from '#db/client.ts'
import { bringSyncs } from '#db/mappings/bring-sync.ts'
import { formerMappingsOfTenants } from '#db/mappings/former-mappings.ts'
import { type Mapping, mapping, setFirstPeriod } from '#db/mappings/mappings.ts'
import {
  deletePeriodStates,
  deleteSkipped,
  periodStatesOf,
  putPeriodStates,
} from '#db/mappings/period-states.ts'
import { forgetStarts } from '#db/mappings/subscription-starts.ts'
import { audit } from '#db/people/audit.ts'
import { subscriptionsOnInvoices, usage } from '#db/prism/invoice-lines.ts'
import { type Invoice, readyInvoices } from '#db/prism/invoices.ts'
import { standingAdjustments } from '#db/runs/undos.ts'
import { ProductError } from '#lib/base/errors.ts'
import { badTotal } from '#lib/billing/bad-lines.ts'
import { addPair, amount, pair, sumPairs, zeroPair } from '#lib/billing/decimal.ts'
import { monthName } from '#lib/billing/format.ts'
import { type SubscriptionKey, subscriptionKey } from '#lib/billing/keys.ts'
import type { Amount, Period } from '#lib/billing/types.ts'

interface PositionContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly actor: string
}

interface AloneContext extends PositionContext {
  /** Does `work` while nobody syncs the agreement. Throws `already-running`. */
  readonly alone: <T>(agreementId: number, work: () => Promise<T>) => Promise<T>
}

async function mapped(
  db: Database,
  { organisationId, program }: PositionContext,
  tenantId: string,
): Promise<Mapping> {
  const found = await mapping(db, organisationId, program, tenantId)
  if (found !== null) return found
  throw new ProductError('not-mapped', 'The customer is not mapped to an agreement.')
}

/**
 * The tenant syncs from `first` on, whatever was synced before. Throws `not-mapped`, and `already-running` while its agreement
 * is being synced: that sync would note again how far it is; `conflict` where the agreement that it left bills the month.
 */
export async function startAtPeriod({
  ctx,
  input,
}: {
  ctx: AloneContext
  input: { readonly tenantId: string; readonly first: Period }
}): Promise<void> {
  const { organisationId, program, actor } = ctx
  const { tenantId, first } = input
  await whileNobodySyncs(ctx, tenantId, async (tx, agreementId) => {
    const before = await mapped(tx, ctx, tenantId)
    await refuseBilledBefore(tx, ctx, before, first)
    await forgetStarts(tx, organisationId, program, agreementId, tenantId)
    await deletePeriodStates(tx, organisationId, program, agreementId, [tenantId])
    await setFirstPeriod(tx, organisationId, program, tenantId, first)
    const detail = { before: { first: before.firstPeriod }, after: { first } }
    await audit(tx, organisationId, { actor, action: 'start-at-period', subject: tenantId, detail })
  })
}

/** A sync under way would note again how far it is. */
async function whileNobodySyncs<T>(
  ctx: AloneContext,
  tenantId: string,
  work: (tx: Database, agreementId: number) => Promise<T>,
): Promise<T> {
  const { agreementId } = await mapped(ctx.db, ctx, tenantId)
  return ctx.alone(agreementId, () =>
    ctx.db.transaction(async (tx) => {
      if ((await mapped(tx, ctx, tenantId)).agreementId !== agreementId)
        throw new ProductError('conflict', 'The customer was mapped to another agreement at this moment.')
      const done = await work(tx, agreementId)
      await bringSyncs(tx, ctx.organisationId, ctx.program, [agreementId], new Date())
      return done
    }),
  )
}

/** A month that another agreement was planned for is billed there. */
async function refuseBilledBefore(
  tx: Database,
  { organisationId, program }: PositionContext,
  { tenantId, agreementId }: Mapping,
  first: Period,
): Promise<void> {
  const left = await formerMappingsOfTenants(tx, organisationId, program, [tenantId])
  const billing = left.find(
    (each) => each.agreementId !== agreementId && each.lastPeriod !== null && each.lastPeriod >= first,
  )
  if (billing === undefined || billing.lastPeriod === null) return
  throw new ProductError(
    'conflict',
    `${billing.agreementName} bills the customer up to ${monthName(billing.lastPeriod)}, so it can begin here with a later month only.`,
  )
}

/** A month of one of a customer's subscriptions. */
interface MonthOf {
  readonly tenantId: string
  readonly subscriptionId: string
  readonly period: Period
}

/**
 * Passes over one month of a subscription and says what was invoiced in it, which then nobody bills. Throws `not-mapped`,
 * `not-found` where no usable invoice has such lines, `conflict` where the month is good already, `already-running`.
 */
export async function skipPeriod({ ctx, input }: { ctx: AloneContext; input: MonthOf }): Promise<Amount> {
  const { organisationId, program, actor } = ctx
  const { tenantId, period } = input
  const subscriptionId = subscriptionKey(input.subscriptionId)
  return whileNobodySyncs(ctx, tenantId, async (tx, agreementId) => {
    const invoice = (await readyInvoices(tx, organisationId, program)).find((each) => each.period === period)
    if (invoice === undefined)
      throw new ProductError('not-found', `There is no usable invoice for ${monthName(period)}.`)
    const states = (await periodStatesOf(tx, organisationId, program, [tenantId])).filter(
      (each) => each.subscriptionId === subscriptionId,
    )
    const charged = await chargedIn(tx, ctx, invoice, { tenantId, subscriptionId })
    if (charged === null && states.length === 0)
      throw new ProductError(
        'not-found',
        `The customer has no subscription '${subscriptionId}' in ${monthName(period)}.`,
      )
    const skipped = charged ?? nothing
    const onInvoice = (await subscriptionsOnInvoices(tx, organisationId, program, [tenantId])).find(
      (each) => each.subscriptionId === subscriptionId && each.invoiceId === invoice.id,
    )
    const linesHash = onInvoice?.linesHash ?? ''
    if (
      states.some((each) => each.period === period && each.linesHash === linesHash && each.state === 'good')
    )
      throw new ProductError('conflict', `The subscription is good for ${monthName(period)} already.`)
    const stated = { agreementId, period, invoiceId: invoice.id, state: 'skipped', by: actor } as const
    await putPeriodStates(tx, organisationId, program, stated, [{ subscriptionId, tenantId, linesHash }])
    const detail = { tenantId, period, ...skipped }
    await audit(tx, organisationId, { actor, action: 'skip-period', subject: subscriptionId, detail })
    return skipped
  })
}

/**
 * Takes a skipped month back and says what is invoiced in it, which the next sync plans again. Throws `not-mapped`, `not-found`
 * where the month is not skipped, `conflict` where an adjustment stands for what was undone in it, `already-running`.
 */
export async function unskipPeriod({ ctx, input }: { ctx: AloneContext; input: MonthOf }): Promise<Amount> {
  const { organisationId, program, actor } = ctx
  const { tenantId, period } = input
  const subscriptionId = subscriptionKey(input.subscriptionId)
  return whileNobodySyncs(ctx, tenantId, async (tx, agreementId) => {
    const own = { tenantId, subscriptionId }
    await refuseAdjusted(tx, ctx, agreementId, { ...own, period })
    if (!(await deleteSkipped(tx, organisationId, program, { ...own, period })))
      throw new ProductError('not-found', `${monthName(period)} is not skipped for this subscription.`)
    const invoice = (await readyInvoices(tx, organisationId, program)).find((each) => each.period === period)
    const planned = invoice === undefined ? nothing : await chargedIn(tx, ctx, invoice, own)
    const detail = { tenantId, period, ...(planned ?? nothing) }
    await audit(tx, organisationId, { actor, action: 'unskip-period', subject: subscriptionId, detail })
    return planned ?? nothing
  })
}

/** What an undo gave back by an adjustment is not billed again beside it: the adjustment goes first. */
async function refuseAdjusted(
  tx: Database,
  { organisationId, program }: PositionContext,
  agreementId: number,
  { tenantId, subscriptionId, period }: MonthOf & { readonly subscriptionId: SubscriptionKey },
): Promise<void> {
  const states = await periodStatesOf(tx, organisationId, program, [tenantId])
  const isParked = states.some(
    (each) => each.subscriptionId === subscriptionId && each.period === period && each.state === 'parked',
  )
  if (!isParked) return
  const [adjustment] = await standingAdjustments(tx, organisationId, program, agreementId, subscriptionId)
  if (adjustment === undefined) return
  const { id, serialNumber, quantity, unitPrice } = adjustment
  throw new ProductError(
    'conflict',
    `The undo gave back what ConnectWise had invoiced by addition ${id} (${serialNumber}, ${quantity} at ${unitPrice}). Delete it in ConnectWise and press Sync now, then release the month; where it is invoiced already, bill the month to the customer by hand.`,
  )
}

const nothing: Amount = amount(zeroPair)

/** What an invoice charges for a subscription, lines that cannot be read as far as their amounts can; `null`: it has no line. */
async function chargedIn(
  db: Database,
  { organisationId, program }: PositionContext,
  invoice: Pick<Invoice, 'id' | 'period'>,
  { tenantId, subscriptionId }: Omit<MonthOf, 'period'>,
): Promise<Amount | null> {
  const { lines, badLines = [] } = await usage(db, organisationId, program, invoice, [tenantId])
  const isOwn = (line: { readonly subscriptionId: string }) => line.subscriptionId === subscriptionId
  const own = lines.filter(isOwn)
  const bad = badLines.filter(isOwn)
  return own.length === 0 && bad.length === 0 ? null : amount(addPair(sumPairs(own.map(pair)), badTotal(bad)))
}
