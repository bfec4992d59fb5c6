/** PRISM's prices to which people said yes (J3), until a sync has used them. */
import { and, eq } from 'drizzle-orm'
import type { SubscriptionKey } from '#lib/billing/keys.ts'
import type { Database } from '../client.ts'
import { isOneOf } from '../rows.ts'
import { agreedPrices } from './lasting-table.ts'

export type AgreedPrice = Omit<typeof agreedPrices.$inferSelect, 'organisationId' | 'program'>

const ofAgreement = (organisationId: string, program: string, agreementId: number) =>
  and(
    eq(agreedPrices.organisationId, organisationId),
    eq(agreedPrices.program, program),
    eq(agreedPrices.agreementId, agreementId),
  )

/** One that was said before is replaced. */
export const putAgreedPrice = async (
  db: Database,
  organisationId: string,
  program: string,
  agreed: Omit<AgreedPrice, 'agreedAt'>,
): Promise<void> => {
  const { unitPrice, startsOn, agreedBy, tenantId } = agreed
  await db
    .insert(agreedPrices)
    .values({ ...agreed, organisationId, program })
    .onConflictDoUpdate({
      target: [
        agreedPrices.organisationId,
        agreedPrices.program,
        agreedPrices.agreementId,
        agreedPrices.subscriptionId,
      ],
      set: { unitPrice, startsOn, agreedBy, tenantId, agreedAt: new Date() },
    })
}

/** Once a sync has used them, or they fit no more. */
export const deleteAgreedPrices = async (
  db: Database,
  organisationId: string,
  program: string,
  agreementId: number,
  subscriptionIds: readonly SubscriptionKey[],
): Promise<void> => {
  if (subscriptionIds.length === 0) return
  await db
    .delete(agreedPrices)
    .where(
      and(
        ofAgreement(organisationId, program, agreementId),
        isOneOf(agreedPrices.subscriptionId, subscriptionIds),
      ),
    )
}
