/** What customers are billed at once, and which One-Time agreement carries it (J9). */
import type { AnnualTerms } from '#app/api/schemas/customers.ts'
import { server } from '#app/process/process.ts'
import { type OneTimeMapping, oneTimeMappingsOfTenants } from '#db/mappings/one-time.ts'
import { type AnnualCharge, annualCharges } from '#db/prism/annual-charges.ts'
import { programSettings } from '#db/prism/programs.ts'
import { isDue } from '#lib/billing/annual/annual-situation.ts'
import { decimal, money, sum } from '#lib/billing/decimal.ts'
import type { Day, Money } from '#lib/billing/types.ts'

export const shownOneTime = ({
  companyId,
  companyName,
  agreementId,
  agreementName,
  syncEnabled,
}: OneTimeMapping): NonNullable<AnnualTerms['mapping']> => ({
  companyId,
  companyName,
  agreementId,
  agreementName,
  syncEnabled,
})

/** By customer; `null` of one that has nothing to do with these terms while they are off. */
export async function annualTermsOf(
  organisationId: string,
  program: string,
  tenantIds: readonly string[],
): Promise<(tenantId: string) => AnnualTerms | null> {
  const { db } = server()
  const [settings, mappings, charges] = await Promise.all([
    programSettings(db, organisationId, program),
    oneTimeMappingsOfTenants(db, organisationId, program, tenantIds),
    annualCharges(db, organisationId, program, tenantIds),
  ])
  const since = settings?.annualTermsAtOnce ?? null
  const mappingOf = new Map(mappings.map((each) => [each.tenantId, each]))
  const chargesOf = Map.groupBy(charges, (each) => each.tenantId)
  return (tenantId) => {
    const mapping = mappingOf.get(tenantId)
    const own = chargesOf.get(tenantId) ?? []
    if (since === null && mapping === undefined && own.length === 0) return null
    return {
      isOn: since !== null,
      mapping: mapping === undefined ? null : shownOneTime(mapping),
      waits: waitingOf(own, since),
    }
  }
}

/** What is due and nobody bills, as no One-Time agreement of the customer syncs; `null`: nothing. */
const waitingOf = (charges: readonly AnnualCharge[], since: Day | null): Money | null => {
  const waiting = charges.filter(
    (each) => each.syncs !== true && isDue(each, { options: { annualTermsAtOnce: since } }),
  )
  return waiting.length === 0 ? null : money(sum(waiting.map(({ price }) => decimal(price))))
}
