/** What was synced of an agreement in earlier months (H1): each as its last sync left it. */
import type { Reply } from '#app/contracts/table.ts'
import { server } from '#app/process/process.ts'
import { mappingsOfAgreement } from '#db/mappings/mappings.ts'
import { oneTimeMappingsOfAgreement } from '#db/mappings/one-time.ts'
import { type SyncedMonth, syncedMonths } from '#db/runs/synced-months.ts'
import { ProductError } from '#lib/base/errors.ts'
import { monthName } from '#lib/billing/format.ts'
import type { Period } from '#lib/billing/types.ts'
import { outcomeOfPeriod } from '#lib/ledger/outcomes.ts'
import { programs } from '#lib/programs/registry.ts'

const shownMonth = ({ period, planKey, issuedOn, finishedAt, actor }: SyncedMonth) => ({
  period,
  annual: issuedOn === null ? null : { invoiceId: planKey, issuedOn },
  syncedAt: finishedAt.toISOString(),
  actor,
})

/** Empty where no customer is mapped to the agreement. */
export async function agreementMonths(
  organisationId: string,
  agreementId: number,
): Promise<Reply<'GET /api/hosted/agreements/{id}/months'>> {
  const program = await programOfAgreement(organisationId, agreementId)
  if (program === null) return { months: [] }
  const months = await syncedMonths(server().db, organisationId, program, agreementId)
  return { months: months.map(shownMonth) }
}

/** Throws `not-found` where the month was never synced on the agreement. */
export async function agreementMonth(
  organisationId: string,
  agreementId: number,
  period: Period,
  annualInvoiceId = '',
): Promise<Reply<'GET /api/hosted/agreements/{id}/months/{period}'>> {
  const { db } = server()
  const program = await programOfAgreement(organisationId, agreementId)
  const [month] =
    program === null
      ? []
      : await syncedMonths(db, organisationId, program, agreementId, period, annualInvoiceId)
  const found =
    month === undefined
      ? null
      : await outcomeOfPeriod(db, organisationId, {
          runId: month.runId,
          agreementId,
          period,
          annualInvoiceId,
        })
  if (month === undefined || found === null)
    throw new ProductError('not-found', `${monthName(period)} was not synced on this agreement.`)
  return { ...shownMonth(month), outcome: found.outcome }
}

async function programOfAgreement(organisationId: string, agreementId: number): Promise<string | null> {
  const { db } = server()
  for (const { slug } of programs) {
    if ((await mappingsOfAgreement(db, organisationId, slug, agreementId)).length > 0) return slug
    if ((await oneTimeMappingsOfAgreement(db, organisationId, slug, agreementId)).length > 0) return slug
  }
  return null
}
