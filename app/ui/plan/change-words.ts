/** Changes in words: old and new of each field, for lists and files. */
import { daysText } from '#app/ui/kit/day-text.ts'
import { amountText, isNegative, magnitude, quantityText } from '#app/ui/kit/money.ts'
import { shortDay } from '#lib/billing/format.ts'
import type { AdditionPatch, Day } from '#lib/billing/types.ts'
import type { Addition, Change } from './shown.ts'

export function span(from: Day | null, to: Day | null): string {
  if (from === null) return to === null ? 'from the agreement’s start, open' : `until ${shortDay(to)}`
  return to === null ? `from ${shortDay(from)}, open` : daysText(from, to)
}

export const since = ({ quantity, effectiveDate }: Addition): string =>
  `${quantityText(quantity)} since ${startText(effectiveDate)}`

const startText = (day: Day | null): string => (day === null ? 'the agreement’s start' : shortDay(day))
/** `DoNotBill` -> `Do not bill` */
const billText = (value: string): string => {
  const words = value.replaceAll(/(?<!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words || 'empty'
}
export const endText = (day: Day | null): string => (day === null ? 'open' : shortDay(day))

/** Each field that a change sets, as old -> new. */
export function patchLines(
  before: Addition,
  set: AdditionPatch,
): { field: string; from: string; to: string }[] {
  const lines: { field: string; from: string; to: string }[] = []
  if (set.serialNumber !== undefined) {
    lines.push({ field: 'Serial Number', from: before.serialNumber || 'none', to: set.serialNumber })
  }
  if (set.quantity !== undefined) {
    lines.push({ field: 'Quantity', from: quantityText(before.quantity), to: quantityText(set.quantity) })
  }
  if (set.effectiveDate !== undefined) {
    lines.push({ field: 'begins', from: startText(before.effectiveDate), to: startText(set.effectiveDate) })
  }
  if (set.lessIncluded !== undefined) {
    const [from, to] = [quantityText(before.lessIncluded), quantityText(set.lessIncluded)]
    lines.push({ field: 'Less Included', from, to })
  }
  if (set.billCustomer !== undefined) {
    const [from, to] = [billText(before.billCustomer), billText(set.billCustomer)]
    lines.push({ field: 'Bill Customer', from, to })
  }
  if (set.cancelledDate !== undefined) {
    lines.push({ field: 'ends', from: endText(before.cancelledDate), to: endText(set.cancelledDate) })
  }
  if (set.unitCost !== undefined && before.unitCost !== undefined) {
    lines.push({ field: 'Unit Cost', from: amountText(before.unitCost), to: amountText(set.unitCost) })
  }
  if (set.unitPrice !== undefined) {
    lines.push({ field: 'Unit Price', from: amountText(before.unitPrice), to: amountText(set.unitPrice) })
  }
  return lines
}

/** A change in one line, without what it costs: `adds 3 from 12 Oct 2026, open, at 34.10`, `5 since 1 Apr 2026: ends open → 31 Jul 2026`. */
export function changeText(change: Change): string {
  switch (change.kind) {
    case 'create': {
      const { quantity, effectiveDate, cancelledDate, unitPrice } = change.addition
      const added = isNegative(quantity)
        ? `takes off ${quantityText(magnitude(quantity))}`
        : `adds ${quantityText(quantity)}`
      return `${added} ${span(effectiveDate, cancelledDate)}, at ${amountText(unitPrice)}`
    }
    case 'end':
      return `${since(change.before)}: ends ${endText(change.before.cancelledDate)} → ${shortDay(change.cancelledDate)}`
    case 'update':
      return `${since(change.before)}: ${patchLines(change.before, change.set)
        .map(({ field, from, to }) => `${field} ${from} → ${to}`)
        .join(', ')}`
    case 'delete':
      return `${since(change.before)} → deleted`
    case 'createCatalogItem':
      return `product ${change.identifier}, ${change.description}, at ${amountText(change.unitPrice)}`
    case 'keep':
      return ''
  }
}
