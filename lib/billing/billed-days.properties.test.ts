/**
 * What ConnectWise invoiced is never changed by a later plan (docs/billing-rules.md, "Days billed"), whatever
 * people edit after its invoices, in arrears and in advance: over all its invoices each day is billed at
 * PRISM's quantity. ConnectWise is a small engine of its own here, which bills each month of an addition
 * once.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addMonths, firstDay, lastDay, laterOf, nextDay, periodOf } from './days.ts'
import { type Decimal, decimal, zero } from './decimal.ts'
import { isGood } from './held-back.ts'
import { subscriptionKey } from './keys.ts'
import { changesOf, isNothingToWrite, plan } from './plan.ts'
import { remainder } from './reconcile.ts'
import { simulate } from './simulate.ts'
import {
  type Edit,
  edit,
  firstPeriod,
  type History,
  historyArb,
  PrismHistory,
  startOf,
  subscriptionIds,
} from './testing/histories.ts'
import type { Addition, AgreementInvoice, Day, InvoiceLine, Period, PeriodPlan, Situation } from './types.ts'

const histories = Number(process.env.HISTORIES ?? 500)

/** ConnectWise's invoices: what each month of each addition was billed with. */
class Invoicing {
  readonly #billed = new Map<string, { addition: Addition; first: Day; month: Period }>()

  invoice(additions: readonly Addition[], through: Period): void {
    for (const addition of additions) {
      const { id, effectiveDate, cancelledDate, billCustomer } = addition
      if (effectiveDate === null || billCustomer === 'DoNotBill') continue
      if (decimal(addition.quantity).eq(addition.lessIncluded)) continue
      for (let month = periodOf(effectiveDate); month <= through; month = addMonths(month, 1)) {
        const isActive = cancelledDate === null || cancelledDate >= laterOf(firstDay(month), effectiveDate)
        if (!isActive || this.#billed.has(`${id} ${month}`)) continue
        this.#billed.set(`${id} ${month}`, {
          addition,
          first: laterOf(effectiveDate, firstDay(month)),
          month,
        })
      }
    }
  }

  /** The quantity that was billed of a subscription for a day. */
  on(subscriptionId: string, day: Day): Decimal {
    return [...this.#billed.values()]
      .filter(({ addition, first, month }) => {
        const isIts = subscriptionKey(addition.serialNumber) === subscriptionKey(subscriptionId)
        return isIts && month === periodOf(day) && first <= day
      })
      .reduce((total, { addition }) => total.plus(addition.quantity), zero)
  }
}

interface Told {
  /** Whether the agreement is invoiced a month ahead. */
  readonly advance: boolean
  /** Each plan, and the situation that it was made from. */
  readonly planned: { readonly before: Situation; readonly period: PeriodPlan }[]
  readonly connectWise: Invoicing
  /** Each synced month's lines. */
  readonly lines: Map<Period, readonly InvoiceLine[]>
}

/** What is edited; what is never billed at all is no day billed. */
const isMeant = ({ kind, amount }: Edit): boolean =>
  kind === 'quantity'
    ? amount > 0
    : kind === 'price' || kind === 'cancel' || kind === 'delete' || kind === 'start'

/** Months one after the other: PRISM's invoice is synced, ConnectWise invoices, people edit, and the month is synced again. */
const run = (history: History): Told => {
  const prism = new PrismHistory()
  const connectWise = new Invoicing()
  const ahead = history.advance ? 1 : -1
  const planned: Told['planned'] = []
  const lines: Told['lines'] = new Map()
  const invoices: AgreementInvoice[] = []
  let current: Situation = { ...startOf(history), additions: [] }
  const invoiceThrough = (period: Period): void => {
    const { additions } = current
    connectWise.invoice(additions, period)
    invoices.push({ through: lastDay(period), additions })
    const agreement = { ...current.agreement, nextInvoiceDate: firstDay(addMonths(period, 1)) }
    current = { ...current, agreement, invoices: [...invoices] }
  }
  const sync = (period: Period, on: readonly InvoiceLine[]): void => {
    const before = { ...current, usages: [{ period, invoiceId: period, lines: on }] }
    const [plannedPeriod] = plan(before).periods
    if (!plannedPeriod) throw new Error('a usage gives a period')
    planned.push({ before, period: plannedPeriod })
    lines.set(period, on)
    const good = { ...before.good }
    const latest = { ...before.latest }
    for (const row of plannedPeriod.subscriptions) {
      const id = subscriptionKey(row.subscriptionId)
      if (isGood(row)) good[id] = [...new Set([...(good[id] ?? []), period])]
    }
    for (const each of on) latest[subscriptionKey(each.subscriptionId)] = each
    current = { ...simulate(before, changesOf(plannedPeriod)), good, latest }
  }
  invoiceThrough(addMonths(firstPeriod, ahead))
  for (const [i, month] of history.months.entries()) {
    const period = addMonths(firstPeriod, i)
    sync(period, prism.invoice(period, month))
    invoiceThrough(addMonths(period, ahead + 1))
    // People edit the additions that run on, and those of the month that was just synced.
    let additions: readonly Addition[] = current.additions
    for (const change of month.edits)
      if (isMeant(change)) additions = edit(additions, change, addMonths(period, change.pick % 2 ? 0 : -1))
    current = { ...current, additions }
    if (month.reissue?.isInvoiced) {
      prism.rewind()
      const good = Object.entries(current.good).map(([id, all]) => [
        id,
        all.filter((each) => each !== period),
      ])
      current = { ...current, good: Object.fromEntries(good) }
      sync(period, prism.invoice(period, month, month.reissue.month))
    } else sync(period, current.usages[0]?.lines ?? [])
    prism.close(month)
    current = { ...current, previous: current.usages[0] ?? null }
  }
  const last = addMonths(firstPeriod, history.months.length - 1)
  invoiceThrough(addMonths(last, ahead + 2))
  return { advance: history.advance, planned, connectWise, lines }
}

const quantityOn = (lines: readonly InvoiceLine[], id: string, day: Day): Decimal =>
  lines
    .filter((line) => line.subscriptionId === id && line.first <= day && day <= line.last)
    .reduce((total, line) => total.plus(line.quantity), zero)

const must = (isTrue: boolean, message: () => string): void => {
  if (!isTrue) throw new Error(message())
}

const isNothing = (value: { cost: string; price: string }): boolean =>
  Math.abs(Number(value.cost)) < 1e-6 && Math.abs(Number(value.price)) < 1e-6

describe('for every history of which each invoice was read', () => {
  it('each day is billed as PRISM invoiced it, over all of ConnectWise’s invoices', () => {
    fc.assert(
      fc.property(historyArb, (history) => {
        const { connectWise, lines } = run(history)
        for (const [period, on] of lines)
          for (const id of subscriptionIds)
            for (let day = firstDay(period); day <= lastDay(period); day = nextDay(day)) {
              const [is, should] = [connectWise.on(id, day).toFixed(), quantityOn(on, id, day).toFixed()]
              must(is === should, () => `${id} on ${day} is billed ${is} instead of ${should}`)
            }
      }),
      { numRuns: histories },
    )
  }, 600_000)

  it('a second plan is empty, and what is billed is explained', () => {
    fc.assert(
      fc.property(historyArb, (history) => {
        for (const { before, period } of run(history).planned) {
          for (const row of [...period.subscriptions.map((each) => each.reconciliation), period.totals]) {
            must(isNothing(remainder(row)), () => `remainder of ${JSON.stringify(row)}`)
            must(isNothing(row.unexplained), () => `unexplained in ${JSON.stringify(row)}`)
          }
          const after = simulate(before, changesOf(period))
          must(isNothingToWrite(plan(after)), () => JSON.stringify(plan(after).periods.flatMap(changesOf)))
        }
      }),
      { numRuns: histories },
    )
  }, 600_000)

  it('shows what it is meant to: edits of what is billed, re-issues, months that are not planned again', () => {
    const seen = { changed: 0, reissued: 0, again: 0, advance: 0 }
    for (const history of fc.sample(historyArb, { numRuns: 200, seed: 1 })) {
      const { planned, advance } = run(history)
      const codes = planned.flatMap(({ period }) => period.subscriptions.flatMap(({ findings }) => findings))
      if (codes.some(({ code }) => code === 'changed-since-billed')) seen.changed++
      if (history.months.some(({ reissue }) => reissue?.isInvoiced)) seen.reissued++
      if (
        planned.some(({ period }) =>
          period.subscriptions.some(({ changes }) => changes.every(({ kind }) => kind === 'keep')),
        )
      )
        seen.again++
      if (advance) seen.advance++
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20)
  })
})
