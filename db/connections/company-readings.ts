import { and, eq } from 'drizzle-orm'
import type { Database } from '../client.ts'
import { companyReadings } from './tables.ts'

export type CompanyReading = Omit<typeof companyReadings.$inferSelect, 'organisationId' | 'companyId'>

/** What ConnectWise last gave of the company; `null` where it was never read. */
export const companyReading = async (
  db: Database,
  organisationId: string,
  companyId: number,
): Promise<CompanyReading | null> =>
  (
    await db
      .select()
      .from(companyReadings)
      .where(
        and(eq(companyReadings.organisationId, organisationId), eq(companyReadings.companyId, companyId)),
      )
  )[0] ?? null

export const putCompanyReading = async (
  db: Database,
  organisationId: string,
  companyId: number,
  reading: CompanyReading,
): Promise<void> => {
  await db
    .insert(companyReadings)
    .values({ ...reading, organisationId, companyId })
    .onConflictDoUpdate({ target: [companyReadings.organisationId, companyReadings.companyId], set: reading })
}

/** After another ConnectWise was connected, or none. */
export const forgetCompanyReadings = async (db: Database, organisationId: string): Promise<void> => {
  await db.delete(companyReadings).where(eq(companyReadings.organisationId, organisationId))
}
