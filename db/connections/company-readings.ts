import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { Database } from '../client.ts'
import { companyReadingSchema } from '../values.ts'
import { companyReadings } from './tables.ts'

export interface CompanyReading extends Readonly<z.infer<typeof companyReadingSchema>> {
  readonly readAt: Date
}

/** What ConnectWise last gave of the company; `null` where it was never read, or by a version that stored something else. */
export const companyReading = async (
  db: Database,
  organisationId: string,
  companyId: number,
): Promise<CompanyReading | null> => {
  const [row] = await db
    .select()
    .from(companyReadings)
    .where(and(eq(companyReadings.organisationId, organisationId), eq(companyReadings.companyId, companyId)))
  const stored = companyReadingSchema.safeParse(row?.reading)
  return row === undefined || !stored.success ? null : { ...stored.data, readAt: row.readAt }
}

export const putCompanyReading = async (
  db: Database,
  organisationId: string,
  companyId: number,
  { readAt, ...reading }: CompanyReading,
): Promise<void> => {
  const values = { readAt, reading: companyReadingSchema.parse(reading) }
  await db
    .insert(companyReadings)
    .values({ ...values, organisationId, companyId })
    .onConflictDoUpdate({ target: [companyReadings.organisationId, companyReadings.companyId], set: values })
}

/** After another ConnectWise was connected, or none. */
export const forgetCompanyReadings = async (db: Database, organisationId: string): Promise<void> => {
  await db.delete(companyReadings).where(eq(companyReadings.organisationId, organisationId))
}
