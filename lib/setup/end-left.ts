/** A customer's additions that were left open on an agreement are to end after all (E5; docs/billing-rules.md, "Moving and clearing"). */
import { lookNoLaterThan } from '#db/directory/due-looks.ts'
import { formerMappingsOfTenants, putFormerMapping } from '#db/mappings/former-mappings.ts'
import { audit } from '#db/people/audit.ts'
import { ProductError } from '#lib/base/errors.ts'
import { addMonths } from '#lib/billing/days.ts'
import type { Period } from '#lib/billing/types.ts'
import { type LeaveContext, leavingOf, refuseEarlier } from './leave-agreement.ts'
import type { MapContext } from './map-customer.ts'

/**
 * Has the next sync of the agreement end them with a month. Throws `not-found` where nothing was left there as a person said, and
 * `conflict` for a month that is billed there already.
 */
export async function endLeft({
  ctx,
  input,
}: {
  ctx: LeaveContext & Pick<MapContext, 'alone'>
  input: { readonly tenantId: string; readonly agreementId: number; readonly end: Period }
}): Promise<void> {
  const { db, organisationId, program, actor } = ctx
  const { tenantId, agreementId, end } = input
  const former = (await formerMappingsOfTenants(db, organisationId, program, [tenantId])).find(
    (each) => each.agreementId === agreementId && each.lastPeriod === null && each.doneAt === null,
  )
  if (former === undefined)
    throw new ProductError('not-found', `Nothing of the customer was left on agreement ${agreementId}.`)
  refuseEarlier(await leavingOf(ctx, former, null), { from: addMonths(end, 1) })
  const { agreementName, companyId, companyName, firstPeriod } = former
  await ctx.alone(agreementId, () =>
    db.transaction(async (tx) => {
      await putFormerMapping(tx, organisationId, program, {
        tenantId,
        agreementId,
        agreementName,
        companyId,
        companyName,
        firstPeriod,
        lastPeriod: end,
        leftBy: actor,
      })
      const detail = { agreementId, before: { leaves: true }, after: { endsAfter: end } }
      await audit(tx, organisationId, { actor, action: 'end-left', subject: tenantId, detail })
      await lookNoLaterThan(tx, organisationId, new Date())
    }),
  )
}
