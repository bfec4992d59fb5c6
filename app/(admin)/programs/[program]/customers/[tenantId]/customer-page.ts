import { notFound } from 'next/navigation'
import type { Customer } from '#app/api/schemas/customers.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { pathText } from '#app/http/search-params.ts'
import { shownCustomer } from '#app/views/customers.ts'
import { type Action, mayDo, type Principal } from '#lib/auth/actions.ts'
import { type Program, programBySlug } from '#lib/programs/registry.ts'

export type CustomerParams = Promise<{ readonly program: string; readonly tenantId: string }>

export interface CustomerPage {
  readonly principal: Principal
  readonly program: Program
  readonly customer: Customer
  /** Of the customer on the site; below `/api` is its API. */
  readonly path: string
  readonly may: { readonly map: boolean; readonly sync: boolean; readonly audit: boolean }
}

/** Whose page it is and who looks; says that there is no such page where the program has no such customer. */
export async function customerPage(action: Action, params: CustomerParams): Promise<CustomerPage> {
  const principal = await requirePage(action)
  const { program: slug, tenantId } = await params
  const program = programBySlug(slug)
  const id = pathText(tenantId)
  if (program === undefined || id === null) notFound()
  const customer = await shownCustomer(principal.organisationId, program.slug, id)
  if (customer === null) notFound()
  const { role, via } = principal
  return {
    principal,
    program,
    customer,
    path: `/programs/${program.slug}/customers/${encodeURIComponent(customer.tenantId)}`,
    may: {
      map: mayDo(role, 'customers.map', via),
      sync: mayDo(role, 'customers.sync', via),
      audit: mayDo(role, 'audit.read', via),
    },
  }
}

/** A part of the customer's page in the browser's title: `Months of Coho Winery · Prism Pod`. */
export const titleOf = async (params: CustomerParams, part: string): Promise<{ readonly title: string }> => {
  const { customer } = await customerPage('customers.read', params)
  return { title: `${part} of ${customer.name} · Prism Pod` }
}
