/**
 * What must hold for whole organisations over months (docs/billing-rules.md, "What must hold"), with
 * ConnectWise's invoices as the stand-in's own engine makes them. `WORLDS` sets how many are tried, default
 * 2,000; `SEED` repeats one run.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalise } from './classify.ts'
import { addMonths, daysIn } from './days.ts'
import {
  billedOf,
  firstPeriod,
  invoicedOn,
  type LeftAsIs,
  quantityOn,
  type Synced,
  World,
  type WorldSubscription,
  worldArb,
  worldMonths,
} from './testing/worlds.ts'
import type { Day, SubscriptionPlan } from './types.ts'

const numRuns = Number(process.env.WORLDS ?? 2000)
const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const items = [1, 2, 3]

describe('whole organisations', () => {
  it('bill each usage day once, whatever came in which order', () => {
    let months = 0
    fc.assert(
      fc.property(worldArb, (story) => {
        const world = new World(story).live()
        world.invoiceRest()
        if (world.edited.size > 0) return
        const told = toldOf(world)
        for (let month = 0; month < worldMonths; month += 1) {
          const period = addMonths(firstPeriod, month)
          if (world.from === null || period < world.from) continue
          for (const comparison of comparisonsOf(world)) {
            if (comparison.whose.some(({ id }) => told.otherwise.has(`${period} ${id}`))) continue
            for (const itemId of items) compare(world, told.left, month, itemId, comparison)
            months += 1
          }
        }
      }),
      { numRuns, ...seed },
    )
    expect(months).toBeGreaterThan(numRuns)
  }, 3_600_000)
})

interface Comparison {
  readonly whose: readonly WorldSubscription[]
  /** Serial numbers on ConnectWise's invoices; `null`: any, where an addition had none, so that they do not tell whose it was. */
  readonly ids: readonly string[] | null
}

const comparisonsOf = (world: World): Comparison[] => {
  const monthly = world.subscriptions.filter((each) => each.kind === 'monthly' && isEverInvoiced(each))
  return isUnnamed(world)
    ? [{ whose: monthly, ids: null }]
    : monthly.map((each) => ({ whose: [each], ids: [each.id] }))
}

const isUnnamed = ({ story }: World): boolean =>
  story.tenants.some((tenant) => tenant.subscriptions.some(({ byHand }) => byHand?.hasSerial === false))

const isEverInvoiced = ({ quantities }: WorldSubscription): boolean =>
  quantities.some((days) => days.some((quantity) => quantity > 0))

const compare = (
  world: World,
  left: LeftAsIs,
  month: number,
  itemId: number,
  { whose, ids }: Comparison,
): void => {
  const period = addMonths(firstPeriod, month)
  const lines = billedOf(world, left, ids, itemId, period)
  for (let day = 1; day <= daysIn(period); day += 1) {
    const on = `${period}-${String(day).padStart(2, '0')}` as Day
    const billed = quantityOn(lines, on)
    const invoiced = whose.reduce((total, each) => total + invoicedOn(each, month, itemId, day), 0)
    if (billed !== invoiced)
      throw new Error(
        `${ids?.join() ?? 'all'} item ${itemId} on ${on}: billed ${billed}, invoiced ${invoiced}`,
      )
  }
}

interface Told {
  /** `period subscription` of which the last plan says that it is billed otherwise, and why. */
  readonly otherwise: ReadonlySet<string>
  readonly left: LeftAsIs
}

const toldOf = (world: World): Told => {
  const otherwise = new Set<string>()
  const left = new Set<string>()
  const last = new Map<string, Synced>()
  for (const each of world.synced) {
    last.set(`${each.agreement} ${each.period}`, each)
    noteLeft(each, left)
    // A late month takes an addition without a serial number for a subscription's, and cannot write that into what is billed.
    if (isUnnamed(world))
      for (const row of each.planned.subscriptions)
        if (row.late) otherwise.add(`${each.period} ${normalise(row.subscriptionId)}`)
  }
  for (const { planned, period } of last.values()) {
    const isUnfit = planned.findings.some(({ severity }) => severity === 'error')
    const ids = isUnfit
      ? world.subscriptions.map(({ id }) => id)
      : planned.subscriptions.filter(isOtherwise).map((row) => normalise(row.subscriptionId))
    for (const id of ids) otherwise.add(`${period} ${id}`)
  }
  for (const { id } of world.subscriptions)
    for (const period of periods) if (world.isSkipped(id, period)) otherwise.add(`${period} ${id}`)
  return { otherwise, left }
}

const periods = Array.from({ length: worldMonths }, (_, at) => addMonths(firstPeriod, at))

const isOtherwise = ({ status, waits }: SubscriptionPlan): boolean =>
  status === 'Error' || waits !== undefined

/** What is left in one plan may be a subscription's in a later one of the same month. */
const noteLeft = ({ planned, period, situation }: Synced, left: Set<string>): void => {
  for (const row of planned.subscriptions)
    if (row.kind === 'addition' || row.kind === 'leftover')
      for (const id of row.findings.flatMap((each) => each.additionIds))
        left.add(`${period} ${id}`).add(`ever ${id}`)
    else if (row.kind === 'subscription')
      for (const { id, serialNumber } of situation.additions)
        if (normalise(serialNumber) === normalise(row.subscriptionId)) left.delete(`${period} ${id}`)
}
