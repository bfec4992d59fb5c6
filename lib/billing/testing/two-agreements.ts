/** Two agreements of one company over the months, for tests of moving (E5): what each holds, what PRISM and ConnectWise invoice. */
import { firstDay, lastDay, nextDay } from '../days.ts'
import { isGood } from '../held-back.ts'
import { subscriptionKey } from '../keys.ts'
import { closingsOf, membershipOf } from '../moving.ts'
import { changesOf, plan } from '../plan.ts'
import { simulate } from '../simulate.ts'
import type {
  AgreementInvoice,
  Change,
  Day,
  MappedTenant,
  Period,
  PeriodPlan,
  Situation,
  Usage,
} from '../types.ts'

/** What is stored of a good month: where. */
interface Good {
  readonly agreement: string
  readonly subscriptionId: string
  readonly period: Period
}

export class TwoAgreements {
  readonly #sides: Record<string, Situation>
  #good: Good[] = []
  #invoices: Usage[] = []
  /** Kinds of the changes that were written, in order. */
  readonly written: Change['kind'][] = []

  constructor(sides: Record<string, Situation>) {
    this.#sides = { ...sides }
  }

  /** The agreement as a sync would read it, with the usages that are due. */
  side(name: string): Situation {
    const base = this.#sides[name]
    if (!base) throw new Error(`There is no agreement ${name}`)
    const good: Record<string, Period[]> = {}
    const goodElsewhere: Record<string, Period[]> = {}
    for (const { agreement, subscriptionId, period } of this.#good) {
      good[subscriptionId] = [...(good[subscriptionId] ?? []), period]
      if (agreement !== name)
        goodElsewhere[subscriptionId] = [...(goodElsewhere[subscriptionId] ?? []), period]
    }
    const latest = Object.fromEntries(
      this.#invoices.flatMap(({ lines }) =>
        lines.map((line) => [subscriptionKey(line.subscriptionId), line]),
      ),
    )
    return { ...base, good, goodElsewhere, latest, newest: this.#invoices.at(-1)?.period ?? null }
  }

  set(name: string, patch: Partial<Situation>): void {
    this.#sides[name] = { ...this.side(name), ...patch }
  }

  tenants(name: string, tenants: readonly MappedTenant[]): void {
    this.set(name, { tenants })
  }

  /** PRISM issues a month's invoice. */
  issue(usage: Usage): void {
    this.#invoices = [...this.#invoices.filter(({ period }) => period !== usage.period), usage]
  }

  /** ConnectWise invoices the agreement's next month. */
  invoice(name: string): void {
    const side = this.side(name)
    const next = side.agreement.nextInvoiceDate as Day
    const through = lastDay(next.slice(0, 7) as Period)
    const reading: AgreementInvoice = { through, additions: side.additions }
    this.set(name, {
      agreement: { ...side.agreement, nextInvoiceDate: nextDay(through) },
      invoices: [...(side.invoices ?? []), reading],
    })
  }

  /** Syncs an agreement for one month's invoice. @param cut only so many of the changes are written, and nothing is noted. */
  sync(name: string, period: Period, cut?: number): PeriodPlan {
    const usage = this.#invoices.find((each) => each.period === period)
    if (!usage) throw new Error(`There is no invoice of ${period}`)
    const side = { ...this.side(name), usages: [usage] }
    const [planned] = plan(side).periods
    if (!planned) throw new Error('a usage gives a period')
    const changes = changesOf(planned)
    this.apply(name, changes.slice(0, cut))
    if (cut === undefined) this.#note(name, side, planned)
    return planned
  }

  apply(name: string, changes: readonly Change[]): void {
    this.written.push(...changes.map(({ kind }) => kind))
    this.set(name, simulate(this.side(name), changes))
  }

  #note(agreement: string, side: Situation, planned: PeriodPlan): void {
    for (const row of planned.subscriptions) {
      const tenant = side.tenants.find(({ id }) => id === row.tenantId)
      if (row.kind !== 'subscription' || !isGood(row)) continue
      if (!tenant || membershipOf(tenant, planned.period) !== 'member') continue
      this.#good.push({
        agreement,
        subscriptionId: subscriptionKey(row.subscriptionId),
        period: planned.period,
      })
    }
  }

  /** Whether anything is left to end on the agreement. */
  isLeft(name: string): boolean {
    const side = { ...this.side(name), usages: this.#invoices }
    return side.tenants.some((tenant) => closingsOf(side, tenant).length > 0)
  }
}

export const daysOf = (first: Period, last: Period): Day[] => {
  const days: Day[] = []
  for (let day = firstDay(first); day <= lastDay(last); day = nextDay(day)) days.push(day)
  return days
}
