/** A person says how customers begin (E6; docs/billing-rules.md, "First sync"), and takes it back. */
import type { Database } from '#db/client.ts'
import { bringSyncs } from '#db/mappings/bring-sync.ts'
import { type Mapping, mapping, setBegin } from '#db/mappings/mappings.ts'
import { forgetGoodBefore, type StatedSubscription } from '#db/mappings/period-states.ts'
import { changeStarts, type StoredStart, startsOfTenant } from '#db/mappings/subscription-starts.ts'
import { audit } from '#db/people/audit.ts'
import { subscriptionsOnInvoices } from '#db/prism/invoice-lines.ts'
import { readyInvoices } from '#db/prism/invoices.ts'
import { ProductError } from '#lib/base/errors.ts'
import { isMonth } from '#lib/billing/start.ts'
import type { FirstSync, Period } from '#lib/billing/types.ts'
import { passOver } from './pass-over.ts'

export interface BeginContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly actor: string
  /** How a customer of the program begins of which nobody said it. */
  readonly byDefault: FirstSync
  /** Does `work` while nobody syncs the agreement. Throws `already-running`. */
  readonly alone: (agreementId: number, work: () => Promise<void>) => Promise<void>
}

export interface BeginInput {
  readonly tenantId: string
  /** `null`: as the program says. */
  readonly begin: FirstSync | null
}

/**
 * Says how a mapped customer begins and revises what was decided for its subscriptions. Gives its agreement. Throws `not-mapped`,
 * and `already-running` where something was decided and its agreement is being synced.
 */
export async function chooseBegin({ ctx, input }: { ctx: BeginContext; input: BeginInput }): Promise<number> {
  const { agreementId } = await mapped(ctx.db, ctx, input.tenantId)
  await reviseStarts({ ctx, input })
  await ctx.db.transaction((tx) => storeBegin(tx, ctx, input))
  return agreementId
}

/** Notes how a customer begins, in the transaction of all that is answered with it. Throws `not-mapped`. */
async function storeBegin(
  tx: Database,
  ctx: Pick<BeginContext, 'organisationId' | 'program' | 'actor'>,
  { tenantId, begin }: BeginInput,
): Promise<void> {
  const { organisationId, program, actor } = ctx
  const before = await mapped(tx, ctx, tenantId)
  if (before.begin === begin) return
  await setBegin(tx, organisationId, program, tenantId, begin)
  await bringSyncs(tx, organisationId, program, [before.agreementId], new Date())
  const detail = { before: { begin: before.begin }, after: { begin } }
  await audit(tx, organisationId, { actor, action: 'choose-begin', subject: tenantId, detail })
}

/**
 * The same of a customer of which nothing was decided yet, so that there is nothing to revise. Throws `not-mapped`, and `conflict`
 * where a sync has begun with it.
 */
export async function chooseFirstBegin(
  tx: Database,
  ctx: Pick<BeginContext, 'organisationId' | 'program' | 'actor'>,
  input: BeginInput,
): Promise<void> {
  const { organisationId, program } = ctx
  const { tenantId } = input
  const { agreementId } = await mapped(tx, ctx, tenantId)
  const decided = await startsOfTenant(tx, organisationId, program, agreementId, tenantId)
  if ([...decided].length > 0)
    throw new ProductError(
      'conflict',
      'A sync has begun with one of the customers already: change how it begins on its own page.',
    )
  await storeBegin(tx, ctx, input)
}

/**
 * Decided starts after another choice: what is billed elsewhere begins so with the latest invoice, earlier ones being passed
 * over; what began with a later month gets the months before it as catch-up. What is billed here already stays so.
 */
export async function reviseStarts({ ctx, input }: { ctx: BeginContext; input: BeginInput }): Promise<void> {
  const { db, organisationId, program } = ctx
  const { tenantId } = input
  const { agreementId, firstPeriod } = await mapped(db, ctx, tenantId)
  const begin = input.begin ?? ctx.byDefault
  const isRevised = ([, start]: [string, StoredStart]): boolean =>
    isMonth(start) ? input.begin === 'catch-up' : start !== begin
  const known = async (of: Database) =>
    [...(await startsOfTenant(of, organisationId, program, agreementId, tenantId))].filter(isRevised)
  if ((await known(db)).length === 0) return
  await ctx.alone(agreementId, () =>
    db.transaction(async (tx) => {
      const revised = await known(tx)
      const begun = revised.flatMap(([id, start]) => (isMonth(start) ? [{ id, start }] : []))
      for (const { id, start } of begun) await forgetGoodBefore(tx, organisationId, program, id, start)
      await changeStarts(
        tx,
        organisationId,
        program,
        agreementId,
        begun.map(({ id }) => id),
        null,
      )
      const away = revised.flatMap(([id, start]) => (isMonth(start) ? [] : [id]))
      if (begin !== 'elsewhere' && firstPeriod !== null)
        await passOverEarlier(tx, ctx, { agreementId, tenantId, firstPeriod, subscriptionIds: away })
      await changeStarts(tx, organisationId, program, agreementId, away, begin)
      await bringSyncs(tx, organisationId, program, [agreementId], new Date())
    }),
  )
}

interface Passed extends Pick<Mapping, 'agreementId' | 'tenantId'> {
  readonly firstPeriod: Period
  readonly subscriptionIds: readonly string[]
}

/** Months before the latest invoice that were billed elsewhere stay so. */
async function passOverEarlier(tx: Database, ctx: BeginContext, passed: Passed): Promise<void> {
  const { organisationId, program } = ctx
  const { tenantId, firstPeriod, subscriptionIds } = passed
  const invoices = await readyInvoices(tx, organisationId, program)
  const onInvoices = await subscriptionsOnInvoices(tx, organisationId, program, [tenantId])
  const subscriptionsOn = (invoiceId: string): StatedSubscription[] =>
    onInvoices
      .filter((each) => each.invoiceId === invoiceId && subscriptionIds.includes(each.subscriptionId))
      .map(({ subscriptionId, linesHash }) => ({ subscriptionId, tenantId, linesHash }))
  const earlier = invoices.slice(0, -1).filter(({ period }) => period >= firstPeriod)
  const months = earlier.map((invoice) => ({ invoice, subscriptions: subscriptionsOn(invoice.id) }))
  await passOver(tx, ctx, passed, months)
}

async function mapped(
  db: Database,
  { organisationId, program }: Pick<BeginContext, 'organisationId' | 'program'>,
  tenantId: string,
): Promise<Mapping> {
  const found = await mapping(db, organisationId, program, tenantId)
  if (found !== null) return found
  throw new ProductError('not-mapped', 'The customer is not mapped to an agreement.')
}
