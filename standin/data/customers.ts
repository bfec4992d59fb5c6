import type { Customer } from './customer.ts'
import { motionCustomers } from './motion-customers.ts'
import { steadyCustomers } from './steady-customers.ts'
import { adoptingCustomers } from './steady-customers-adopting.ts'
import { troubleCustomers, unmappedCustomers } from './trouble-customers.ts'

/** What the demo has. */
export interface DemoOptions {
  /** Customers with terms of all motions, too, with their annual invoices and One-Time agreements. */
  readonly motions?: boolean
}

export const customersOf = ({ motions = false }: DemoOptions): readonly Customer[] =>
  motions ? [...customers, ...motionCustomers] : customers

export const customers: readonly Customer[] = [
  ...steadyCustomers,
  ...adoptingCustomers,
  ...troubleCustomers,
  ...unmappedCustomers,
]
