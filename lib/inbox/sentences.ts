/** What is said of each kind of what waits. Pure. */
import { addMonths } from '#lib/billing/days.ts'
import { monthName } from '#lib/billing/format.ts'
import { invoiceMonth, invoiceOfUsage, ofMonthForUsage } from '#lib/billing/invoice-month.ts'
import type { LastingCause } from '#lib/billing/lasting-points.ts'
import type { Period } from '#lib/billing/types.ts'
import type { InboxKind } from './item.ts'

/** Of an agreement that cannot carry the next month; told apart from one that could not carry one that came. */
export const NEXT_MONTH = 'unfit/next'

interface Counted {
  readonly cause: string
  readonly count: number
  readonly customers: number
  readonly product: string
  readonly period: Period | null
}

interface Words {
  readonly says: (of: Counted) => string
  readonly ifNothing: string
}

const counted = (count: number, one: string, many = `${one}s`): string =>
  count === 1 ? `One ${one}` : `${count.toLocaleString('en-GB')} ${many}`
const waits = (count: number): string => (count === 1 ? 'waits' : 'wait')
const has = (count: number): string => (count === 1 ? 'has' : 'have')
/** PRISM's id where the cause is about an annual invoice. */
const annualIn = (cause: string): string | null => /\/annual\/(.+)$/.exec(cause)?.[1] ?? null
const usage = (period: Period | null): string => (period === null ? '' : ` ${ofMonthForUsage(period)}`)

const differences: Readonly<Record<string, (count: number) => string>> = {
  'difference/price': (count) =>
    `${counted(count, 'subscription')} ${count === 1 ? 'bills' : 'bill'} another price than PRISM’s`,
  'difference/not-billed': (count) =>
    `Licences of ${counted(count, 'subscription').toLowerCase()} are not billed`,
  'difference/drift': (count) =>
    `ConnectWise billed ${counted(count, 'month of a subscription', 'months of subscriptions').toLowerCase()} otherwise than PRISM invoiced`,
  'difference/unexplained': (count) =>
    `A difference of ${counted(count, 'month of a subscription', 'months of subscriptions').toLowerCase()} is explained by no rule`,
}

export const words: Readonly<Record<InboxKind, Words>> = {
  'contract-agreement': {
    says: () => 'It is not clear which contract agreement of PRISM syncs',
    ifNothing: 'Nothing is read from PRISM, and nothing syncs.',
  },
  'invoice-held': {
    says: ({ cause, count, period }) =>
      annualIn(cause) === null
        ? `${counted(count, 'invoice')}${usage(period)} ${waits(count)} for a pick`
        : `Annual invoice ${annualIn(cause)} waits for a pick`,
    ifNothing:
      'It is not used: where another one of the month is in use, that one stays; else the month waits.',
  },
  'invoice-unread': {
    says: ({ cause, count, period }) =>
      annualIn(cause) === null
        ? `${counted(count, 'invoice')}${usage(period)} cannot be read`
        : `Annual invoice ${annualIn(cause)} cannot be read`,
    ifNothing: 'Its month is not synced, and later ones wait with it.',
  },
  guard: {
    says: ({ count, customers, period }) =>
      `The invoice${usage(period)} changes so much that ${counted(count, 'subscription').toLowerCase()} of ${counted(customers, 'customer').toLowerCase()} ${waits(count)}`,
    ifNothing: 'Their additions go on billing as they are.',
  },
  late: {
    says: ({ count, period }) =>
      `${counted(count, 'subscription')} ${waits(count)} with a month out of order, ${period === null ? 'an earlier one' : monthName(period)}`,
    ifNothing: 'That month is not billed; later ones go on.',
  },
  billed: {
    says: ({ count }) =>
      `${counted(count, 'addition')} ${count === 1 ? 'was' : 'were'} changed around an invoice of ConnectWise’s`,
    ifNothing: 'What uses it is not synced, this month and later ones.',
  },
  'first-sync': {
    says: ({ customers }) => `${counted(customers, 'customer')} ${waits(customers)} for how to begin`,
    ifNothing: 'Nothing of them is billed.',
  },
  contested: {
    says: ({ count }) =>
      `Several customers have a claim to the lines of ${counted(count, 'subscription').toLowerCase()}`,
    ifNothing: 'No customer is billed for them, and their additions are not touched.',
  },
  unclaimed: {
    says: ({ count }) => `The lines of ${counted(count, 'subscription').toLowerCase()} are of nobody known`,
    ifNothing: 'No customer is billed for them.',
  },
  'unknown-addition': {
    says: ({ count }) => `No invoice explains ${counted(count, 'addition').toLowerCase()}`,
    ifNothing: 'They go on billing as they are; a subscription that one may belong to is not synced.',
  },
  'ambiguous-additions': {
    says: ({ count }) =>
      `Nothing tells which subscription ${counted(count, 'addition').toLowerCase()} ${count === 1 ? 'bills' : 'bill'}`,
    ifNothing: 'These subscriptions are not synced; the additions go on billing as they are.',
  },
  'left-over': {
    says: ({ count }) =>
      `${counted(count, 'addition')} ${count === 1 ? 'is' : 'are'} of a product that is on no line`,
    ifNothing: 'They go on billing as they are.',
  },
  product: {
    says: ({ product }) =>
      `${product === '' ? 'A product' : product} has no single catalog item in ConnectWise`,
    ifNothing: 'Nothing that uses it is billed.',
  },
  unfit: {
    says: ({ cause, count, customers }) =>
      cause === NEXT_MONTH
        ? `${counted(customers, 'customer')} ${has(customers)} an agreement that ends before the next month`
        : `${counted(count, 'agreement')} cannot carry the month any more`,
    ifNothing: 'Nothing is synced there; what is on it goes on billing as far as ConnectWise does.',
  },
  'billed-twice': {
    says: ({ customers }) =>
      `${counted(customers, 'customer')} that moved ${customers === 1 ? 'is' : 'are'} still billed where ${customers === 1 ? 'it was' : 'they were'}`,
    ifNothing: 'The agreement before goes on billing, and nothing is written on the new one.',
  },
  'annual-line': {
    says: ({ count }) =>
      `${counted(count, 'line')} of annual invoices ${count === 1 ? 'waits' : 'wait'} for you: is it billed here?`,
    ifNothing: 'Nothing is written of it: the customer is neither billed nor given it back here.',
  },
  failed: {
    says: ({ count, customers }) =>
      `${counted(count, 'sync', 'syncs')} of ${counted(customers, 'customer').toLowerCase()} failed`,
    ifNothing: 'The month is not billed as invoiced, and later ones of it wait.',
  },
  'below-cost': {
    says: ({ count }) =>
      `${counted(count, 'subscription')} ${count === 1 ? 'bills' : 'bill'} less than what rhipe charges`,
    ifNothing: 'Each month goes on costing more than the customer pays.',
  },
  'below-margin': {
    says: ({ count }) =>
      `${counted(count, 'subscription')} ${count === 1 ? 'leaves' : 'leave'} less than the margin that the program asks for`,
    ifNothing: 'Each month goes on at that margin: no sync changes the price of what is there.',
  },
  difference: {
    says: ({ cause, count }) => differences[cause]?.(count) ?? `${counted(count, 'subscription')} differ`,
    ifNothing: 'It stays so: no sync changes a price, or what ConnectWise has invoiced.',
  },
  ignored: {
    says: ({ cause, count }) =>
      `${counted(count, cause === 'ignored/azure' ? 'Azure subscription' : 'annual subscription')} ${count === 1 ? 'is' : 'are'} not synced`,
    ifNothing: 'No sync bills them.',
  },
  'annual-waits': {
    says: ({ count, customers }) =>
      `${counted(count, 'annual invoice')} of ${counted(customers, 'customer').toLowerCase()} ${has(count)} no One-Time agreement that syncs`,
    ifNothing: 'Nothing of them is billed.',
  },
  missed: {
    says: ({ customers }) =>
      `${counted(customers, 'customer')} ${has(customers)} missed invoices, with Sync off`,
    ifNothing: 'What PRISM invoices of them is not billed.',
  },
  parked: {
    says: ({ count }) =>
      `${counted(count, 'month')} of subscriptions ${count === 1 ? 'was' : 'were'} undone, and ${waits(count)} to be released`,
    ifNothing: 'No sync bills them.',
  },
  'wants-in': {
    says: ({ count }) => `${counted(count, 'person', 'people')} ${count === 1 ? 'asks' : 'ask'} to be let in`,
    ifNothing: 'They cannot sign in.',
  },
  'left-behind': {
    says: ({ customers }) => `${counted(customers, 'customer')} left additions behind, as a person said`,
    ifNothing: 'They go on billing until somebody ends them.',
  },
  skipped: {
    says: ({ count }) => `${counted(count, 'month')} of subscriptions ${count === 1 ? 'is' : 'are'} skipped`,
    ifNothing: 'No sync bills them.',
  },
}

/** Of one customer, as on the list of what is muted; and of all, where each is named with its amount. */
export const lastingTexts: Readonly<Record<LastingCause, { readonly one: string; readonly all: string }>> = {
  'below-cost': {
    one: 'It is billed less than what rhipe charges',
    all: 'Customers are billed less than what rhipe charges.',
  },
  'below-margin': {
    one: 'It leaves less than the margin that the program asks for',
    all: 'Customers leave less than the margin that the program asks for.',
  },
  'difference/price': {
    one: 'It is billed another price than PRISM’s',
    all: 'Customers are billed another price than PRISM’s.',
  },
  'difference/not-billed': { one: 'Licences of it are not billed', all: 'Licences are not billed.' },
  'difference/drift': {
    one: 'ConnectWise billed it otherwise than PRISM invoiced',
    all: 'ConnectWise billed otherwise than PRISM invoiced.',
  },
  'difference/unexplained': {
    one: 'A difference that no rule explains',
    all: 'There are differences that no rule explains.',
  },
  'ignored/annual': {
    one: 'Annual subscriptions, which are not synced',
    all: 'Annual subscriptions are not synced.',
  },
  'ignored/azure': { one: 'Azure usage, which is not synced', all: 'Azure usage is not synced.' },
}

/**
 * What comes next where nothing waits (E6): PRISM makes the invoice of a month's usage between the first and the fifth day of
 * the month after it.
 * @param latest the newest usage month that is known
 */
export function nextInvoiceText(latest: Period | null): string {
  if (latest === null) return 'The first invoice comes with the next look at PRISM.'
  const usageOf = addMonths(latest, 1)
  return `The ${invoiceOfUsage(usageOf)} is expected about 5 ${monthName(invoiceMonth(usageOf))}.`
}
