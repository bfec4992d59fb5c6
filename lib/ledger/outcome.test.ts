import { describe, expect, it } from 'vitest'
import type { Round } from '#db/runs/run-periods.ts'
import { noSubscription, subscriptionKey } from '#lib/billing/keys.ts'
import { changesOf, plan } from '#lib/billing/plan.ts'
import { simulate } from '#lib/billing/simulate.ts'
import { catalogItem, line, period, product, situation, usage } from '#lib/billing/testing/factories.ts'
import type { PeriodPlan, Situation } from '#lib/billing/types.ts'
import { notSent } from './findings.ts'
import { failedIn, isClosed, type LedgerRow, outcomeOf } from './outcome.ts'

const first = 'sub-1'
const second = 'sub-2'
const other = product('Exchange Online (Plan 1)')
/** Two subscriptions that both step up inside September; the second one's product has no catalog item yet. */
const start: Situation = situation({
  usages: [
    usage([
      line(5, '2026-09', 1, 15, { subscriptionId: first }),
      line(8, '2026-09', 16, 30, { subscriptionId: first }),
      line(3, '2026-09', 1, 30, { subscriptionId: second, offerName: other.name }),
    ]),
  ],
  products: [product(), other],
  catalog: [catalogItem()],
})

const planned = (from: Situation): PeriodPlan => {
  const [only] = plan(from).periods
  if (!only) throw new Error('Nothing was planned')
  return only
}
const round = (number: number, meant: PeriodPlan, end: Round['end']): Round => ({
  period: period('2026-09'),
  round: number,
  invoiceId: meant.invoiceId,
  kind: 'month',
  format: 'plan',
  plan: meant,
  end,
})

/** A row for each write of a plan up to the one that does not succeed; `last` is what became of that one. */
const rows = (of: Round, count: number, last: LedgerRow['outcome'] = 'done', message = ''): LedgerRow[] =>
  changesOf(of.plan)
    .map((intent, position) => ({ intent, position }))
    .filter(({ intent }) => intent.kind !== 'keep')
    .slice(0, count)
    .map(({ intent, position }, at) => ({
      round: of.round,
      position,
      kind: intent.kind,
      intent,
      subscriptionId: noSubscription,
      outcome: at === count - 1 ? last : 'done',
      additionId: intent.kind === 'create' ? 900 + position : null,
      message: at === count - 1 && message !== '' ? message : null,
    }))

const meant = planned(start)
const all = changesOf(meant).filter(({ kind }) => kind !== 'keep').length
const held: Situation = { ...start, ...simulate(start, changesOf(meant)) }

describe('what a sync of a month did', () => {
  it('is every change of its plan, done, once ConnectWise was seen to hold it', () => {
    const sent = round(1, meant, 'sent')
    const outcome = outcomeOf([sent, round(2, planned(held), 'proved')], rows(sent, all))
    const changes = [...outcome.appliedCatalogItems, ...outcome.subscriptions.flatMap((row) => row.applied)]
    expect(changes.map((each) => each.outcome)).toEqual(Array(all).fill('done'))
    expect(outcome.subscriptions.map(({ status }) => status)).toEqual(['Success', 'Success'])
    expect(outcome.totals).toEqual(planned(held).totals)
  })

  it('tells a process that died by what its ledger has, and what the next one did after it', () => {
    const died = round(1, meant, null)
    const written = rows(died, 2)
    const unsent = outcomeOf([died], written)
    expect(unsent.subscriptions.flatMap((row) => row.applied).map((each) => each.outcome)).toContain(
      'not-sent',
    )

    const since: Situation = {
      ...start,
      ...simulate(
        start,
        written.map(({ intent }) => intent as never),
      ),
    }
    const rest = round(2, planned(since), 'sent')
    const outcome = outcomeOf(
      [died, rest, round(3, planned(held), 'proved')],
      [...written, ...rows(rest, changesOf(rest.plan).length)],
    )
    const changes = [...outcome.appliedCatalogItems, ...outcome.subscriptions.flatMap((row) => row.applied)]
    expect(changes.filter((each) => each.outcome !== 'kept').map((each) => each.outcome)).toEqual(
      Array(all).fill('done'),
    )
  })

  it('is an Error with ConnectWise’s words where it refused, and what came after it was not sent [F8]', () => {
    const sent = round(1, meant, 'sent')
    const refusedAt = meant.catalogItems.length + 1
    const outcome = outcomeOf([sent], rows(sent, refusedAt, 'refused', 'Quantity is too large'))
    const [failed] = outcome.subscriptions
    expect(failed).toMatchObject({ status: 'Error' })
    expect(failed?.findings.at(-1)?.message).toBe(
      'ConnectWise returned an error response: Quantity is too large',
    )
    expect(failed?.applied.map((each) => each.outcome)).toEqual(['refused', 'not-sent', 'not-sent'])
  })

  it('counts what failed as ConnectWise bills it, not as it was meant', () => {
    const sent = round(1, meant, 'sent')
    const written = rows(sent, meant.catalogItems.length + 1, 'refused', 'No')
    const failed = failedIn(outcomeOf([sent], written))
    expect(Object.keys(failed)).toEqual([first])
    const left = planned({ ...start, failed })
    const outcome = outcomeOf([sent, round(2, left, 'proved')], written)
    expect(outcome.subscriptions[0]).toMatchObject({
      status: 'Error',
      billed: { price: '0' },
      reconciliation: { failed: outcome.subscriptions[0]?.invoiced },
    })
    expect(outcome.subscriptions[0]?.findings).toHaveLength(1)
    expect(outcome.totals.failed).toEqual(outcome.subscriptions[0]?.invoiced)
  })

  it('names the product where it could not be created, and does not send what needs it [D8]', () => {
    const sent = round(1, meant, 'sent')
    const outcome = outcomeOf([sent], rows(sent, 1, 'refused', 'Identifier is taken'))
    const row = outcome.subscriptions.find(({ subscriptionId }) => subscriptionId === second)
    expect(row?.findings.map(({ message }) => message)).toEqual([
      'Failed to get or create the product in ConnectWise: Identifier is taken',
    ])
    expect(row?.applied.map((each) => each.outcome)).toEqual(['not-sent'])
    expect(row?.status).toBe('Error')
  })

  it('that somebody stopped says so of what was not sent, once [F16]', () => {
    const sent = round(1, meant, 'stopped')
    const written = rows(sent, 2)
    const stop = notSent({ message: 'Stopped by kim@northwind.example', isOff: false })
    const since: Situation = {
      ...start,
      ...simulate(
        start,
        written.map(({ intent }) => intent as never),
      ),
    }
    const left = planned({ ...since, failed: { [first]: [stop], [second]: [stop] } })
    const outcome = outcomeOf([sent, round(2, left, 'stopped')], written)
    for (const row of outcome.subscriptions) {
      expect(row.status).toBe('Warning')
      expect(row.findings.filter(({ code }) => code === 'not-sent')).toHaveLength(1)
    }
  })

  it('ends with the rounds that end it, and goes on after the others', () => {
    expect((['sent', 'settled', 'time', null] as const).map(isClosed)).toEqual([false, false, false, false])
    expect((['proved', 'stopped', 'unanswered', 'not-shown', 'not-proved'] as const).map(isClosed)).toEqual(
      Array(5).fill(true),
    )
  })

  it('shows writes that no stored plan holds, as an earlier version made them', () => {
    const sent = round(1, planned(held), 'proved')
    const [addition] = meant.subscriptions[0]?.changes ?? []
    if (addition === undefined) throw new Error('Nothing is created')
    const old: LedgerRow = {
      round: null,
      position: null,
      kind: addition.kind,
      intent: addition,
      subscriptionId: subscriptionKey(first),
      outcome: 'done',
      additionId: 77,
      message: null,
    }
    const died = outcomeOf([round(1, meant, null)], [old]).subscriptions[0]
    expect(died?.applied.map(({ outcome }) => outcome)).toEqual(['done', 'not-sent', 'not-sent'])
    const [row] = outcomeOf([sent], [old]).subscriptions
    expect(row?.applied[0]).toMatchObject({ change: addition, outcome: 'done', additionId: 77 })
    expect(row?.status).toBe('Success')
  })
})
