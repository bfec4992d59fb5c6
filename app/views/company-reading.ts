/** What ConnectWise has of a company, read now or as it was stored. */
import { connectWiseOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { type CompanyReading, companyReading, putCompanyReading } from '#db/connections/company-readings.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { Company } from '#lib/connectwise/values.ts'
import { programs } from '#lib/programs/registry.ts'
import { tenantsLike } from './suggestions.ts'

/** `now`: somebody has just opened the screen; `recent`: it stays open; `stored`: ConnectWise is not asked. */
export type ReadWhen = 'now' | 'recent' | 'stored'

/** An open screen asks again by itself after this, and not oftener: many are open all day. */
const recentMs = 10 * 60_000
/** Two pods that are opened at once read it once. */
const nowMs = 5_000
const MOST_SUGGESTED = 20
const useOfMs: Record<ReadWhen, number> = {
  now: nowMs,
  recent: recentMs,
  stored: Number.POSITIVE_INFINITY,
}

export interface ReadResult {
  /** `null`: it was never read. */
  readonly reading: CompanyReading | null
  /** Why it could not be read now. */
  readonly problem: ProductError | null
}

/** The company and its agreements: one request for each, or none where what is stored is young enough. Never throws for ConnectWise. */
export async function readCompany(
  organisationId: string,
  companyId: number,
  when: ReadWhen,
): Promise<ReadResult> {
  const { db } = server()
  const stored = await companyReading(db, organisationId, companyId)
  if (stored === null ? when === 'stored' : Date.now() - stored.readAt.getTime() < useOfMs[when])
    return { reading: stored, problem: null }
  try {
    const reading = await readNow(organisationId, companyId)
    await putCompanyReading(db, organisationId, companyId, reading)
    return { reading, problem: null }
  } catch (error) {
    if (!(error instanceof ProductError)) throw error
    return { reading: stored, problem: error }
  }
}

async function readNow(organisationId: string, companyId: number): Promise<CompanyReading> {
  const { client } = await connectWiseOf(organisationId)
  const readAt = new Date()
  const [company, agreements] = await Promise.all([client.company(companyId), client.agreements(companyId)])
  if (company === null) throw new ProductError('not-found', `ConnectWise has no company ${companyId}.`)
  return {
    readAt,
    company,
    agreements: agreements.records.map(({ company: _, ...agreement }) => agreement),
    unreadable: [...agreements.unreadable],
    suggested: (await Promise.all(programs.map(({ slug }) => likely(organisationId, slug, company)))).flat(),
  }
}

/** All customers of a program are looked through for it, so it is not done each time that an open screen asks. */
async function likely(organisationId: string, program: string, company: Company) {
  const found = await tenantsLike(organisationId, program, company)
  return found.slice(0, MOST_SUGGESTED).map(({ candidate, evidence }) => ({
    program,
    tenantId: candidate.id,
    reasons: evidence.map(({ reason }) => reason),
  }))
}
