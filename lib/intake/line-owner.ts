/** A person's word on whose a subscription's lines are (docs/billing-rules.md, "Whose line"). */
import type { Database } from '#db/client.ts'
import { lookAtTenantsAgain } from '#db/mappings/mappings.ts'
import { lookAtOneTimeAgain } from '#db/mappings/one-time.ts'
import { audit } from '#db/people/audit.ts'
import { invoice } from '#db/prism/invoices.ts'
import { forgetOwner, invoicesOfOwner, lineOwner, putLineOwner } from '#db/prism/line-claims.ts'
import { tenant } from '#db/prism/tenants.ts'
import { assignTenants } from '#db/prism/whose-lines.ts'
import { ProductError } from '#lib/base/errors.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'

interface LineOwnerInput {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly invoiceId: string
  readonly subscriptionId: string
  /** `null`: nobody's. */
  readonly tenantId: string | null
  readonly actor: string
  readonly now: Date
}

/**
 * Says whose the subscription's lines are, on this invoice and on every other one, as far as nothing else tells; what was said of
 * them before is taken back. Whoever it concerns is synced by the next look. Throws `not-found`, or `conflict` where it is clear
 * whose they are.
 */
export const setLineOwner = async (input: LineOwnerInput): Promise<void> => {
  const { organisationId, program, invoiceId, tenantId, actor, now } = input
  const subscriptionId = subscriptionKey(input.subscriptionId)
  await input.db.transaction(async (tx) => {
    const of = [tx, organisationId, program] as const
    if ((await invoice(...of, invoiceId)) === null)
      throw new ProductError('not-found', `There is no invoice ${invoiceId}.`)
    if (tenantId !== null && (await tenant(...of, tenantId)) === null)
      throw new ProductError('not-found', `There is no customer ${tenantId}.`)
    const { lines, open, said } = await lineOwner(...of, invoiceId, subscriptionId)
    if (lines === 0)
      throw new ProductError(
        'not-found',
        `Invoice ${invoiceId} has no line of subscription ${subscriptionId}.`,
      )
    if (open === 0 && said === null)
      throw new ProductError('conflict', `It is clear whose the lines of subscription ${subscriptionId} are.`)
    const concerned = new Set(tenantId === null ? [] : [tenantId])
    if (said?.tenantId) {
      concerned.add(said.tenantId)
      await forgetOwner(...of, subscriptionId, said.tenantId)
    }
    await putLineOwner(...of, { subscriptionId, tenantId, decidedBy: actor, decidedAt: now })
    for (const id of await invoicesOfOwner(...of, subscriptionId))
      for (const each of await assignTenants(...of, id)) concerned.add(each)
    await lookAtTenantsAgain(...of, [...concerned], now)
    await lookAtOneTimeAgain(...of, now, [...concerned])
    await audit(tx, organisationId, {
      actor,
      action: 'line-owner',
      subject: subscriptionId,
      detail: { invoiceId, tenantId },
    })
  })
}
