import type { Customer } from './customer.ts'
import { steadyCustomers } from './steady-customers.ts'
import { adoptingCustomers } from './steady-customers-adopting.ts'
import { troubleCustomers, unmappedCustomers } from './trouble-customers.ts'

export const customers: readonly Customer[] = [
  ...steadyCustomers,
  ...adoptingCustomers,
  ...troubleCustomers,
  ...unmappedCustomers,
]
