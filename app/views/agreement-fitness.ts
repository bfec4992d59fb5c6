/** Whether ConnectWise's agreement still bills as the next sync assumes (F13), read now: an edit on the screen around a pod may have changed it. */
import type { Reply } from '#app/contracts/table.ts'
import { connectWiseOf, currencyOf } from '#app/process/clients.ts'
import { server } from '#app/process/process.ts'
import { mappingsOfAgreement } from '#db/mappings/mappings.ts'
import { oneTimeMappingsOfAgreement } from '#db/mappings/one-time.ts'
import { lastFinishedItem } from '#db/runs/runs.ts'
import { goneFinding, unfitness } from '#lib/billing/agreement-rules.ts'
import { billingDay } from '#lib/billing/annual/one-time-bill.ts'
import { oneTimeUnfitness } from '#lib/billing/annual/one-time-rules.ts'
import { addMonths, periodOf } from '#lib/billing/days.ts'
import type { Period } from '#lib/billing/types.ts'
import { programs } from '#lib/programs/registry.ts'
import { today } from './mapping.ts'

/** Empty where it fits, and where no customer is mapped to it. Throws where ConnectWise cannot be read. */
export async function agreementFitness(
  organisationId: string,
  agreementId: number,
): Promise<Reply<'GET /api/hosted/agreements/{id}/fitness'>> {
  const period = await openPeriod(organisationId, agreementId)
  const isOneTime = period === null && (await carriesAnnualInvoices(organisationId, agreementId))
  if (period === null && !isOneTime) return { findings: [] }
  const { client } = await connectWiseOf(organisationId)
  const agreement = await client.agreement(agreementId)
  if (agreement === null) return { findings: [goneFinding()] }
  const currency = await currencyOf(organisationId)
  return {
    findings:
      period === null
        ? oneTimeUnfitness(agreement, billingDay(agreement, today()), currency)
        : unfitness(agreement, period, currency),
  }
}

const carriesAnnualInvoices = async (organisationId: string, agreementId: number): Promise<boolean> => {
  const { db } = server()
  for (const { slug } of programs)
    if ((await oneTimeMappingsOfAgreement(db, organisationId, slug, agreementId)).length > 0) return true
  return false
}

/** The first month that is still to be synced, as far as the last sync tells, else this one; `null`: it carries no customer. */
async function openPeriod(organisationId: string, agreementId: number): Promise<Period | null> {
  const { db } = server()
  for (const { slug } of programs) {
    if ((await mappingsOfAgreement(db, organisationId, slug, agreementId)).length === 0) continue
    const last = await lastFinishedItem(db, organisationId, slug, agreementId)
    const synced = last?.lastPeriod ?? null
    return synced === null ? periodOf(today()) : addMonths(synced, 1)
  }
  return null
}
