/** The customers that are never mapped, as they are shown (J7). */
import type { NeverMapped } from '#app/api/schemas/mappings.ts'
import { server } from '#app/process/process.ts'
import { neverMappedOf } from '#db/mappings/accepted.ts'

export async function shownNeverMapped(organisationId: string, program: string): Promise<NeverMapped> {
  const found = await neverMappedOf(server().db, organisationId, program)
  return {
    customers: found.map(({ tenantId, name, domain, reason, saidBy, saidAt }) => ({
      tenantId,
      name,
      domain,
      reason,
      saidBy,
      saidAt: saidAt.toISOString(),
    })),
  }
}
