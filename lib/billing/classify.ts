/** Which lines of an invoice are planned, which are ignored and why, and which are refused (F1, F3, F4). */
import { decimal } from './decimal.ts'
import * as findings from './findings.ts'
import type { Window } from './timeline.ts'
import type { Finding, IgnoredLine, InvoiceLine, Situation, Subscription, Usage } from './types.ts'

/** Ids and serial numbers are compared without case and surrounding spaces (F5). */
export const normalise = (text: string): string => text.trim().toLowerCase()

export type IgnoredReason = IgnoredLine['reason']

export interface Classified {
  readonly planned: readonly InvoiceLine[]
  readonly azure: readonly InvoiceLine[]
  readonly ignored: readonly { readonly line: InvoiceLine; readonly reason: IgnoredReason }[]
  /** By subscription id in lower case. */
  readonly refused: ReadonlyMap<string, Finding>
  readonly lacksCycleColumns: boolean
}

/** F3: a stored subscription's DisplayTemplate decides; where PRISM gives none, the name of the offer, else of its product. */
export const isAzure = (subscription: Subscription | undefined, offerName: string): boolean => {
  const template = normalise(subscription?.displayTemplate ?? '')
  if (template !== '') return template === 'azure'
  return normalise(offerName === '' ? (subscription?.productName ?? '') : offerName).startsWith('azure')
}

const isMonthlyCycle = (line: InvoiceLine): boolean =>
  line.billingCycle === null || normalise(line.billingCycle) === 'monthly'
const isYearTerm = (line: InvoiceLine): boolean =>
  line.termUnit !== null && normalise(line.termUnit).startsWith('year')

/** F4: the cycle is not Monthly, or the term is in years and the option does not take those that are billed monthly. */
export const isAnnual = (line: InvoiceLine, annualTermsMonthly: boolean): boolean =>
  !isMonthlyCycle(line) || (isYearTerm(line) && !annualTermsMonthly)

const hasEmptyCycle = (line: InvoiceLine): boolean =>
  [line.billingCycle, line.termDuration, line.termUnit].some((field) => field !== null && field.trim() === '')

const isNegative = (line: InvoiceLine): boolean =>
  [line.quantity, line.unitCost, line.unitPrice, line.cost, line.price].some((value) => decimal(value).lt(0))

const refusal = (line: InvoiceLine, window: Window): Finding | null => {
  if (isNegative(line)) return findings.lineRefused(line, 'negative')
  if (line.first < window.first || line.last > window.last) return findings.lineRefused(line, 'outside')
  return null
}

export const classify = (situation: Situation, usage: Usage, window: Window): Classified => {
  const { syncAzure, annualTermsMonthly } = situation.options
  const stored = new Map(situation.subscriptions.map((each) => [normalise(each.id), each]))
  const syncing = new Set(situation.tenants.filter((tenant) => tenant.syncs).map((tenant) => tenant.id))
  const planned: InvoiceLine[] = []
  const azure: InvoiceLine[] = []
  const ignored: { line: InvoiceLine; reason: IgnoredReason }[] = []
  const refused = new Map<string, Finding>()
  for (const line of usage.lines) {
    const id = normalise(line.subscriptionId)
    if (!syncing.has(line.tenantId)) {
      ignored.push({ line, reason: 'tenant-off' })
      continue
    }
    const refusedFor = refusal(line, window)
    if (refusedFor) refused.set(id, refusedFor)
    if (isAzure(stored.get(id), line.offerName)) {
      if (syncAzure) azure.push(line)
      else ignored.push({ line, reason: 'azure-off' })
    } else if (hasEmptyCycle(line)) {
      refused.set(id, findings.billingCycleMissing(line.row))
      planned.push(line)
    } else if (isAnnual(line, annualTermsMonthly)) ignored.push({ line, reason: 'annual' })
    else planned.push(line)
  }
  return {
    planned,
    azure,
    ignored,
    refused,
    lacksCycleColumns: usage.lines.some((line) => line.billingCycle === null),
  }
}
