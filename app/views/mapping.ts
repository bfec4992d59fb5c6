import { currencyOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { firstSyncs } from '#db/mappings/customers.ts'
import { mapping } from '#db/mappings/mappings.ts'
import type { AgreementUse } from '#lib/billing/agreement-rules.ts'
import type { Day } from '#lib/billing/types.ts'

/** Today as a calendar day, in UTC: it only decides whether an agreement's ending date has passed. */
export const today = (): Day => new Date().toISOString().slice(0, 10) as Day

/** What a tenant would use the agreement for; without a tenant, nothing is known about its first usage. */
export async function agreementUse(
  organisationId: string,
  program: string,
  tenantId: string | null,
): Promise<AgreementUse> {
  const { db } = server()
  const tenantIds = tenantId === null ? [] : [tenantId]
  const [stored, first, currency] = await Promise.all([
    tenantId === null ? null : mapping(db, organisationId, program, tenantId),
    firstSyncs(db, organisationId, program, tenantIds),
    currencyOf(organisationId),
  ])
  const firstPeriod = stored?.firstPeriod ?? first.get(tenantId ?? '')?.period ?? null
  return { today: today(), firstPeriod, currency }
}

/**
 * What a tenant would use each of several agreements for. One that is synced elsewhere already moves: from when on another one
 * bills, and whether that can, is asked when it is chosen.
 */
export async function agreementUses(
  organisationId: string,
  program: string,
  tenantId: string | null,
): Promise<(agreementId: number) => AgreementUse> {
  const use = await agreementUse(organisationId, program, tenantId)
  const stored = tenantId === null ? null : await mapping(server().db, organisationId, program, tenantId)
  const isSynced = stored !== null && stored.firstPeriod !== null
  return (agreementId) =>
    isSynced && stored.agreementId !== agreementId ? { ...use, firstPeriod: null } : use
}
