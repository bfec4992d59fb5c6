/** The customers that a company may have beside those that are mapped to it. */
import type { SuggestedCustomer } from '#app/api/schemas/company.ts'
import type { Customer } from '#app/api/schemas/customers.ts'
import { server } from '#app/process/process.ts'
import type { CompanyReading } from '#db/connections/company-readings.ts'
import { mayDo, type Principal } from '#lib/auth/actions.ts'
import { programOptions } from '#lib/intake/context.ts'
import { type Program, programs } from '#lib/programs/registry.ts'
import { priceOf } from '#lib/sync/missed.ts'
import { namedProgram } from './agreement-content.ts'
import { shownCustomers } from './customers.ts'

/**
 * Customers that may be the company and are not mapped to it, those that are mapped nowhere first. Where another company has one
 * is only for who may map.
 */
export async function customersLike(
  { organisationId, role }: Principal,
  companyId: number,
  reading: CompanyReading | null,
): Promise<SuggestedCustomer[]> {
  const likely = reading?.suggested ?? []
  const mayMap = mayDo(role, 'customers.map')
  const all = await Promise.all(
    programs.map(async (program) => {
      const ofProgram = likely.filter((each) => each.program === program.slug)
      const reasons = new Map(ofProgram.map((each) => [each.tenantId, [...each.reasons]]))
      const customers = await shownCustomers(organisationId, program.slug, [...reasons.keys()])
      const order = [...reasons.keys()]
      return Promise.all(
        customers
          .filter(({ mapping }) => mapping === null || (mayMap && mapping.companyId !== companyId))
          .toSorted((a, b) => order.indexOf(a.tenantId) - order.indexOf(b.tenantId))
          .map(async (customer) => ({
            customer,
            program: namedProgram(program),
            reasons: reasons.get(customer.tenantId) ?? [],
            price: await notBilled(organisationId, program, customer),
          })),
      )
    }),
  )
  return all
    .flat()
    .toSorted((a, b) => Number(a.customer.mapping !== null) - Number(b.customer.mapping !== null))
}

/** What PRISM invoiced of a customer in the month that its first sync would take. */
async function notBilled(
  organisationId: string,
  program: Program,
  { tenantId, mapping, firstSync }: Customer,
): Promise<string | null> {
  if (mapping !== null || firstSync === null) return null
  const { db } = server()
  const options = await programOptions(db, organisationId, program)
  const { invoiceId: id, period } = firstSync
  return priceOf({ db, organisationId, program, options }, tenantId, { id, period })
}
