/** Which lines of an invoice are planned, which are ignored and why, and which subscriptions are refused (F1, F3, F4). */
import { decimal } from './decimal.ts'
import * as findings from './findings.ts'
import { isWithoutSubscription, type SubscriptionKey, subscriptionKey } from './keys.ts'
import { type Cycle, hasUnclearCycle, isMonthlyCycle, isYearTerm, plainWord } from './motion.ts'
import type { Window } from './timeline.ts'
import type { BadLine, Finding, IgnoredLine, InvoiceLine, Situation, Subscription, Usage } from './types.ts'

export type IgnoredReason = IgnoredLine['reason']

export interface Classified {
  readonly planned: readonly InvoiceLine[]
  /** Credits and adjustments of an invoice that a person picked: each is carried by itself (credits.ts). */
  readonly credits: readonly InvoiceLine[]
  readonly azure: readonly InvoiceLine[]
  /** Azure lines of subscriptions of which a person skipped the month: not part of that usage. */
  readonly skippedAzure: readonly InvoiceLine[]
  /** Those of them that are contested: whose they are is not known. */
  readonly contestedAzure: readonly InvoiceLine[]
  readonly ignored: readonly { readonly line: InvoiceLine; readonly reason: IgnoredReason }[]
  /** Why nothing of it is planned. What the invoice has of it is not known. */
  readonly refused: ReadonlyMap<SubscriptionKey, Finding>
  /** Bad lines of this agreement's subscriptions, Azure aside. */
  readonly bad: readonly BadLine[]
  /** Bad lines of Azure usage: the month's sum is not known then. */
  readonly badAzure: readonly BadLine[]
  /** Bad lines that name no subscription, those of customers that are not known included. */
  readonly unplaced: readonly BadLine[]
  readonly lacksCycleColumns: boolean
}

const isAzureName = (name: string): boolean => plainWord(name).startsWith('azure')

/** F3: a stored subscription's DisplayTemplate decides; where it has none, or is not stored, the offer's name. */
export const isAzure = (
  subscription: Pick<Subscription, 'displayTemplate' | 'productName'> | undefined,
  offerName: string,
): boolean => {
  const template = plainWord(subscription?.displayTemplate ?? '')
  if (template !== '') return template === 'azure'
  return isAzureName(offerName === '' ? (subscription?.productName ?? '') : offerName)
}

/** F4: the cycle is not Monthly, or the term is that long and the option does not take those that are billed monthly. */
export const isAnnual = (line: Cycle, annualTermsMonthly: boolean): boolean =>
  !isMonthlyCycle(line) || (isYearTerm(line) && !annualTermsMonthly)

/** How a line is charged: as Azure usage (F3), as an annual term, which is not synced (F4), or by the month. */
export const chargedAs = (
  line: Cycle & Pick<InvoiceLine, 'offerName'>,
  subscription: Parameters<typeof isAzure>[0],
  annualTermsMonthly: boolean,
): 'azure' | 'annual' | 'monthly' => {
  if (isAzure(subscription, line.offerName)) return 'azure'
  return !hasUnclearCycle(line) && isAnnual(line, annualTermsMonthly) ? 'annual' : 'monthly'
}

/** A line that gives back. */
export const isNegative = (line: InvoiceLine): boolean =>
  [line.quantity, line.unitCost, line.unitPrice, line.cost, line.price].some(
    (value) => value.startsWith('-') && decimal(value).lt(0),
  )

/** A line that says nothing of the quantities of the invoice's month: a negative one, or one of other days (F1). */
export const isAdjustment = (line: InvoiceLine, { first, last }: Pick<Window, 'first' | 'last'>): boolean =>
  isNegative(line) || line.first < first || line.last > last

const refusal = (line: InvoiceLine): Finding | null =>
  hasUnclearCycle(line) ? findings.billingCycleMissing(line.row) : null

/** Of several reasons that of the earliest row counts, so that the order of lines does not matter. */
class Refusals {
  readonly findings = new Map<SubscriptionKey, Finding>()
  readonly #rows = new Map<string, string>()

  add(subscriptionId: string, row: number, finding: Finding): void {
    const id = subscriptionKey(subscriptionId)
    const rank = `${String(row).padStart(10, '0')} ${finding.message} ${finding.detail}`
    if (rank >= (this.#rows.get(id) ?? '￿')) return
    this.#rows.set(id, rank)
    this.findings.set(id, finding)
  }
}

/** @param stored PRISM's subscriptions */
export const classify = (
  situation: Situation,
  usage: Usage,
  window: Window,
  stored: ReadonlyMap<SubscriptionKey, Subscription>,
): Classified => {
  const { syncAzure, annualTermsMonthly } = situation.options
  const syncing = new Set(situation.tenants.filter((tenant) => tenant.syncs).map((tenant) => tenant.id))
  const planned: InvoiceLine[] = []
  const credits: InvoiceLine[] = []
  const azure: InvoiceLine[] = []
  const skippedAzure: InvoiceLine[] = []
  const isSkipped = (line: InvoiceLine): boolean =>
    situation.skipped?.[subscriptionKey(line.subscriptionId)]?.includes(usage.period) ?? false
  const ignored: { line: InvoiceLine; reason: IgnoredReason }[] = []
  const contestedAzure: InvoiceLine[] = []
  const refused = new Refusals()
  for (const line of usage.lines) {
    const refusedFor = refusal(line)
    if (!syncing.has(line.tenantId)) ignored.push({ line, reason: 'tenant-off' })
    else if (isWithoutSubscription(line.subscriptionId)) credits.push(line)
    else if (isAzure(stored.get(subscriptionKey(line.subscriptionId)), line.offerName)) {
      if (!syncAzure) ignored.push({ line, reason: 'azure-off' })
      else if (isSkipped(line)) skippedAzure.push(line)
      else azure.push(line)
      if (syncAzure && !isSkipped(line) && usage.contested?.[subscriptionKey(line.subscriptionId)])
        contestedAzure.push(line)
    } else if (refusedFor === null && isAnnual(line, annualTermsMonthly))
      ignored.push({ line, reason: 'annual' })
    else {
      const customers = usage.contested?.[subscriptionKey(line.subscriptionId)]
      if (!customers && refusedFor === null && isAdjustment(line, window)) {
        credits.push(line)
        continue
      }
      planned.push(line)
      if (customers) refused.add(line.subscriptionId, 0, findings.lineContested(customers))
      else if (refusedFor) refused.add(line.subscriptionId, line.row, refusedFor)
    }
  }
  const { bad, badAzure, unplaced } = sortBadLines(situation, usage, syncing, stored)
  for (const line of bad) refused.add(line.subscriptionId, line.row, findings.lineUnreadable(line))
  return {
    planned,
    credits,
    azure,
    skippedAzure,
    contestedAzure,
    ignored,
    refused: refused.findings,
    bad,
    badAzure,
    unplaced,
    lacksCycleColumns: usage.lines.some(
      ({ billingCycle, termDuration, termUnit }) =>
        billingCycle === null || termDuration === null || termUnit === null,
    ),
  }
}

/** Those of this agreement's customers that sync, and of ids that it knows though their customer is not known. */
const sortBadLines = (
  situation: Situation,
  usage: Usage,
  syncing: ReadonlySet<string>,
  stored: ReadonlyMap<SubscriptionKey, Subscription>,
): Pick<Classified, 'bad' | 'badAzure' | 'unplaced'> => {
  const all = usage.badLines ?? []
  if (all.length === 0) return { bad: [], badAzure: [], unplaced: [] }
  const known = new Set([
    ...situation.additions.map((addition) => subscriptionKey(addition.serialNumber)),
    ...(situation.previous?.lines ?? []).map((line) => subscriptionKey(line.subscriptionId)),
  ])
  const isOurs = (line: BadLine): boolean =>
    syncing.has(line.tenantId) || (line.tenantId === '' && known.has(subscriptionKey(line.subscriptionId)))
  const ofAzure = (line: BadLine): boolean =>
    isAzure(stored.get(subscriptionKey(line.subscriptionId)), line.offerName)
  const placed = all.filter((line) => line.subscriptionId !== '' && isOurs(line))
  const unplaced = all.filter(
    (line) => line.subscriptionId === '' && (line.tenantId === '' || syncing.has(line.tenantId)),
  )
  const { syncAzure } = situation.options
  return {
    bad: placed.filter((line) => !ofAzure(line)),
    badAzure: syncAzure ? [...placed, ...unplaced.filter(isOurs)].filter(ofAzure) : [],
    unplaced,
  }
}
