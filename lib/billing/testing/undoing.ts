/** An agreement on which runs are applied, invoiced and taken back, for the tests of undo. */
import { subscriptionKey } from '../keys.ts'
import { changesOf, plan } from '../plan.ts'
import { invoicedThrough } from '../timeline.ts'
import type { Addition, Change, Day, Situation } from '../types.ts'
import { undo } from '../undo.ts'
import type { Restored, UndoInput, WrittenAddition } from '../undo-addition.ts'
import { applyTo, type Cabinet, invoice } from './world-connectwise.ts'

export const cabinetFor = ({ agreement, additions, owned }: Situation): Cabinet => ({
  agreement,
  additions,
  owned,
  invoices: [],
  billed: [],
  serials: new Map([
    [0, ''],
    ...additions.map((each) => [each.id, subscriptionKey(each.serialNumber)] as const),
  ]),
})

export const copyOf = (cabinet: Cabinet): Cabinet => ({
  ...cabinet,
  invoices: [...cabinet.invoices],
  billed: [...cabinet.billed],
  serials: new Map(cabinet.serials),
})

/** Applies changes as a run does, and tells what it wrote of each addition. */
export const run = (
  cabinet: Cabinet,
  rows: readonly { readonly subscriptionId: string; readonly changes: readonly Change[] }[],
): WrittenAddition[] => {
  const written = new Map<number, WrittenAddition>()
  for (const { subscriptionId, changes } of rows)
    for (const change of changes) {
      const before = new Map(cabinet.additions.map((each) => [each.id, each]))
      applyTo(cabinet, [change])
      if (change.kind === 'keep' || change.kind === 'createCatalogItem') continue
      const created = cabinet.additions.find(({ id }) => !before.has(id))
      const additionId = change.kind === 'create' ? (created?.id ?? 0) : change.additionId
      const known = written.get(additionId)
      written.set(additionId, {
        kind: 'subscription',
        subscriptionId: subscriptionKey(subscriptionId),
        additionId,
        before: known ? known.before : (before.get(additionId) ?? null),
        after: cabinet.additions.find(({ id }) => id === additionId) ?? null,
      })
    }
  return [...written.values()]
}

/** Plans a situation's months on what the agreement holds, and applies them. */
export const sync = (cabinet: Cabinet, situation: Situation): WrittenAddition[] => {
  const { agreement, additions, owned, invoices } = cabinet
  const { periods } = plan({ ...situation, agreement, additions, owned, invoices: [...invoices] })
  for (const period of periods)
    for (const item of period.catalogItems)
      applyTo(cabinet, changesOf({ ...period, subscriptions: [], catalogItems: [item] }))
  return run(
    cabinet,
    periods.flatMap(({ subscriptions }) => subscriptions),
  )
}

export const inputOf = (
  cabinet: Cabinet,
  written: readonly WrittenAddition[],
  invoicedBefore: Day | null,
  restored: readonly Restored[] = [],
  through: Day | null = invoicedThrough(cabinet.agreement),
): UndoInput => ({
  invoicedBefore,
  situation: { ...cabinet, invoices: [...cabinet.invoices] },
  written,
  restored,
  invoicedThrough: through,
  skuOf: (id) => `sku-${id}`,
})

/** Takes a run back, cut short after some writes and planned anew. Gives what was found. */
export const takeBack = (
  cabinet: Cabinet,
  written: readonly WrittenAddition[],
  invoicedBefore: Day | null,
  cut = Infinity,
) => {
  const undone = undo(inputOf(cabinet, written, invoicedBefore))
  const through = invoicedThrough(cabinet.agreement)
  const all = undone.flatMap(({ subscriptionId, changes }) =>
    changes.map((change) => ({ subscriptionId, change })),
  )
  const first = all.slice(0, cut)
  applyTo(
    cabinet,
    first.map(({ change }) => change),
  )
  const restored = first.flatMap(({ subscriptionId, change }): Restored[] =>
    change.kind === 'create' ? [{ subscriptionId, draft: change.addition }] : [],
  )
  const rest = undo(inputOf(cabinet, written, invoicedBefore, restored, through))
  applyTo(
    cabinet,
    rest.flatMap(({ changes }) => [...changes]),
  )
  return { undone, length: all.length }
}

export const invoiceTimes = (cabinet: Cabinet, times: number): void => {
  for (let i = 0; i < times; i += 1) invoice(cabinet)
}

/** Additions as they are billed: ids and serial numbers aside, and what never bills anything. */
export const asBilled = (additions: readonly Addition[]): string[] =>
  additions
    .filter(
      ({ cancelledDate, effectiveDate }) => cancelledDate === null || cancelledDate >= (effectiveDate ?? ''),
    )
    .map((each) =>
      [
        each.catalogItemId,
        each.quantity,
        each.unitCost,
        each.unitPrice,
        each.effectiveDate,
        each.cancelledDate,
      ].join(' '),
    )
    .sort()

/** What ConnectWise's engine has invoiced in all, price and cost in cents. */
export const invoicedInAll = (cabinet: Cabinet): string => {
  const cents = (value: { toString(): string }) => Math.round(Number(value.toString()) * 100)
  let [price, cost] = [0, 0]
  for (const line of cabinet.billed) {
    price += cents(line.price)
    cost += cents(line.cost)
  }
  return `${price} ${cost}`
}
