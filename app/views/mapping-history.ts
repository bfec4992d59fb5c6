/** Where a customer is and was mapped (E2, E5). */
import { server } from '#app/process/process.ts'
import { formerMappingsOfTenants } from '#db/mappings/former-mappings.ts'
import { mapping } from '#db/mappings/mappings.ts'
import type { Period } from '#lib/billing/types.ts'

export interface MappedSpan {
  readonly companyName: string
  readonly agreementId: number
  readonly agreementName: string
  /** The first usage month that is planned there; `null`: the one that its first sync takes, or took. */
  readonly from: Period | null
  /** The last one; `null`: it goes on, or what it left was left as it is. */
  readonly until: Period | null
  /** ISO; of one that was left, when that was. */
  readonly mappedAt: string
  /** `null`: it is mapped there. */
  readonly left: { readonly at: string; readonly by: string; readonly isDone: boolean } | null
}

/** The one that holds first, then the one that was left last. */
export async function mappingHistory(
  organisationId: string,
  program: string,
  tenantId: string,
): Promise<MappedSpan[]> {
  const { db } = server()
  const [now, former] = await Promise.all([
    mapping(db, organisationId, program, tenantId),
    formerMappingsOfTenants(db, organisationId, program, [tenantId]),
  ])
  const left = former
    .filter(({ agreementId }) => agreementId !== now?.agreementId)
    .toSorted((a, b) => b.leftAt.getTime() - a.leftAt.getTime())
    .map(({ companyName, agreementId, agreementName, firstPeriod, lastPeriod, leftAt, leftBy, doneAt }) => ({
      companyName,
      agreementId,
      agreementName,
      from: firstPeriod,
      until: lastPeriod,
      mappedAt: leftAt.toISOString(),
      left: { at: leftAt.toISOString(), by: leftBy, isDone: doneAt !== null || lastPeriod === null },
    }))
  if (now === null) return left
  const { companyName, agreementId, agreementName, firstPeriod, createdAt } = now
  const current = { companyName, agreementId, agreementName, from: firstPeriod, until: null }
  return [{ ...current, mappedAt: createdAt.toISOString(), left: null }, ...left]
}
