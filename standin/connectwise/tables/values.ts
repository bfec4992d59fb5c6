/** Values that several tables allow. */
import type { Field } from '../fields.ts'

export type Fields = Readonly<Record<string, Field>>

export const billable = ['Billable', 'DoNotBill', 'NoCharge'] as const
export const billableOrNoDefault = [...billable, 'NoDefault'] as const
export const statuses = ['Active', 'Cancelled', 'Expired', 'Inactive'] as const
export const invoicingCycles = ['ContractYear', 'CalendarYear'] as const
export const applicationUnits = ['Amount', 'Hours', 'Incidents'] as const
export const applicationCycles = [
  'Contract2Weeks',
  'Contract4Weeks',
  'ContractYear',
  'CalendarMonth',
  'CalendarQuarter',
  'CalendarWeek',
  'ContractQuarter',
  'CalendarYear',
] as const
export const compRates = ['Actual', 'Hourly'] as const
export const compLimits = ['Billing', 'Amount', 'Percent'] as const

/** Several fields of one kind; `names` are separated by spaces. */
export function each(names: string, field: Field): Fields {
  return Object.fromEntries(names.split(' ').map((name) => [name, field]))
}
