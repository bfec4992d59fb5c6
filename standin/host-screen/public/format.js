/** Money, quantities and days as people read them. */

export const money = (amount) =>
  Number(amount ?? 0).toLocaleString('en-AU', { minimumFractionDigits: 2, maximumFractionDigits: 4 })

export const quantity = (amount) => Number(amount ?? 0).toLocaleString('en-AU', { maximumFractionDigits: 4 })

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `2026-09-01T00:00:00Z` or `2026-09-01` as `1 Sep 2026`; the date part is cut off, never converted. */
export function day(value) {
  if (typeof value !== 'string' || value === '') return ''
  const [year, month, date] = value.slice(0, 10).split('-')
  return `${Number(date)} ${months[Number(month) - 1]} ${year}`
}

/** `2026-09` as `Sep 2026`. */
export const month = (value) => day(`${value}-01`).replace(/^1 /, '')

/** `billCustomer` as ConnectWise's screen says it. */
export const billCustomers = { Billable: 'Billable', DoNotBill: 'Do Not Bill', NoCharge: 'No Charge' }

export const statusKind = (status) =>
  ({ Active: 'good', Inactive: 'warn', Expired: 'bad', Cancelled: '' })[status] ?? ''
