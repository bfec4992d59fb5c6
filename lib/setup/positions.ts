/** A person moves on by hand: starts a customer at another month, or passes over a month of one subscription (F12). */
import type { Database } from '#db/client.ts'
import { audit } from '#db/queries/audit.ts'
import { subscriptionsOnInvoices, usage } from '#db/queries/invoice-lines.ts'
import { readyInvoices } from '#db/queries/invoices.ts'
import { type Mapping, mapping, setFirstPeriod } from '#db/queries/mappings.ts'
import { deletePeriodStates, periodStatesOf, putPeriodStates } from '#db/queries/period-states.ts'
import { forgetStarts } from '#db/queries/subscription-starts.ts'
import { ProductError } from '#lib/base/errors.ts'
import { badTotal } from '#lib/billing/bad-lines.ts'
import { addPair, amount, pair, sumPairs } from '#lib/billing/decimal.ts'
import type { Amount, Period } from '#lib/billing/types.ts'

interface PositionContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly actor: string
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
 * is being synced: that sync would note again how far it is.
 */
export async function startAtPeriod({
  ctx,
  input,
}: {
  ctx: PositionContext & {
    /** Does `work` while nobody syncs the agreement. Throws `already-running`. */
    readonly alone: (agreementId: number, work: () => Promise<void>) => Promise<void>
  }
  input: { readonly tenantId: string; readonly first: Period }
}): Promise<void> {
  const { organisationId, program, actor } = ctx
  const { tenantId, first } = input
  const { agreementId } = await mapped(ctx.db, ctx, tenantId)
  await ctx.alone(agreementId, () =>
    ctx.db.transaction(async (tx) => {
      const before = await mapped(tx, ctx, tenantId)
      if (before.agreementId !== agreementId)
        throw new ProductError('conflict', 'The customer was mapped to another agreement at this moment.')
      await forgetStarts(tx, organisationId, program, agreementId, tenantId)
      await deletePeriodStates(tx, organisationId, program, [tenantId])
      await setFirstPeriod(tx, organisationId, program, tenantId, first)
      const detail = { before: { first: before.firstPeriod }, after: { first } }
      await audit(tx, organisationId, { actor, action: 'start-at-period', subject: tenantId, detail })
    }),
  )
}

/**
 * Passes over one month of a subscription and says what was invoiced in it, which then nobody bills. Throws `not-mapped`,
 * `not-found` where no usable invoice has such lines, `conflict` where the month is good already.
 */
export async function skipPeriod({
  ctx,
  input,
}: {
  ctx: PositionContext
  input: { readonly tenantId: string; readonly subscriptionId: string; readonly period: Period }
}): Promise<Amount> {
  const { organisationId, program, actor } = ctx
  const { tenantId, period } = input
  const subscriptionId = input.subscriptionId.toLowerCase()
  return ctx.db.transaction(async (tx) => {
    const { agreementId } = await mapped(tx, ctx, tenantId)
    const invoice = (await readyInvoices(tx, organisationId, program)).find((each) => each.period === period)
    if (invoice === undefined)
      throw new ProductError('not-found', `There is no usable invoice for ${period}.`)
    const states = (await periodStatesOf(tx, organisationId, program, [tenantId])).filter(
      (each) => each.subscriptionId === subscriptionId,
    )
    const { lines, badLines = [] } = await usage(tx, organisationId, program, invoice, [tenantId])
    const isOwn = (line: { readonly subscriptionId: string }) => line.subscriptionId === subscriptionId
    const own = lines.filter(isOwn)
    const bad = badLines.filter(isOwn)
    if (own.length === 0 && bad.length === 0 && states.length === 0) {
      throw new ProductError(
        'not-found',
        `The customer has no subscription '${subscriptionId}' in ${period}.`,
      )
    }
    const skipped = amount(addPair(sumPairs(own.map(pair)), badTotal(bad)))
    const onInvoice = (await subscriptionsOnInvoices(tx, organisationId, program, [tenantId])).find(
      (each) => each.subscriptionId === subscriptionId && each.invoiceId === invoice.id,
    )
    const linesHash = onInvoice?.linesHash ?? ''
    if (
      states.some((each) => each.period === period && each.linesHash === linesHash && each.state === 'good')
    )
      throw new ProductError('conflict', `The subscription is good for ${period} already.`)
    const stated = { agreementId, period, invoiceId: invoice.id, state: 'skipped', by: actor } as const
    await putPeriodStates(tx, organisationId, program, stated, [{ subscriptionId, tenantId, linesHash }])
    const detail = { tenantId, period, ...skipped }
    await audit(tx, organisationId, { actor, action: 'skip-period', subject: subscriptionId, detail })
    return skipped
  })
}
