/** A customer's usage months as a table to keep, the newest first. */
import type { CustomerMonths } from '#app/api/schemas/customer-months.ts'
import { plannedOf, planTitle } from '#app/ui/plan/plan-names.ts'
import { decimal, money } from '#lib/billing/decimal.ts'
import { unitPriceText } from '#lib/billing/format.ts'
import { customerMonths } from './customer-months.ts'

const columns = [
  'Usage month',
  'Company',
  'Agreement',
  'Status',
  'PRISM invoiced',
  'Additions bill',
  'Difference',
  'Why',
  'ConnectWise invoiced',
  'ConnectWise says',
  'Synced',
  'By',
] as const

/** Throws `not-found` where the program has no such customer. */
export async function customerMonthsLines(
  organisationId: string,
  program: string,
  tenantId: string,
): Promise<AsyncGenerator<readonly string[]>> {
  const first = await customerMonths(organisationId, program, tenantId, 1)
  async function* lines() {
    yield columns
    const pages = Math.ceil(first.total / first.pageSize)
    for (let page = 1; page <= pages; page += 1) {
      const { months } = page === 1 ? first : await customerMonths(organisationId, program, tenantId, page)
      yield* months.map(lineOf)
    }
  }
  return lines()
}

const lineOf = (month: CustomerMonths['months'][number]): string[] => {
  const { companyName, agreement, status, invoiced, billed, verdict, second, syncedAt, actor } = month
  return [
    planTitle(plannedOf(month)),
    companyName,
    agreement.name,
    status,
    unitPriceText(invoiced.price),
    unitPriceText(billed.price),
    unitPriceText(money(decimal(invoiced.price).minus(billed.price))),
    verdict.terms.map(({ amount, reason }) => `${amount} ${reason}`).join('; ') || verdict.sentence,
    second?.source === 'invoices' && second.amount !== null ? unitPriceText(second.amount) : '',
    second?.says ?? '',
    syncedAt,
    actor,
  ]
}
