/** Two months compared, in words that can go to the customer: nothing here tells what rhipe charges but the reason `cost`. */
import { addMonths, firstDay, previousDay } from '#lib/billing/days.ts'
import { money, quantity } from '#lib/billing/decimal.ts'
import { longMonth, shortDay, unitPriceText } from '#lib/billing/format.ts'
import type { Period } from '#lib/billing/types.ts'
import type { Part } from './compare.ts'

/** `2 fewer from 20 Jul 2026 (10 → 8)`. */
export const partText = (part: Part, earlier: Period, later: Period): string => {
  const { reason, before, after } = part
  const from = fromText(part, earlier, later)
  const [was, is] = [quantity(before), quantity(after)]
  switch (reason) {
    case 'new':
      return `${is} new ${from}`
    case 'ended':
      return `${was} ended ${endedText(part, earlier)}`
    case 'more':
      return `${quantity(after.minus(before))} more ${from} (${was} → ${is})`
    case 'fewer':
      return `${quantity(before.minus(after))} fewer ${from} (${was} → ${is})`
    case 'price':
    case 'cost':
      return `${reason} ${unitPriceText(money(before))} → ${unitPriceText(money(after))} ${from}`
    case 'other':
      return before.eq(after)
        ? 'what PRISM calculates otherwise'
        : `usage, credits and other charges ${unitPriceText(money(before))} → ${unitPriceText(money(after))}`
    case 'rounding':
      return 'rounding'
    case 'unread':
      return 'lines that cannot be read, or are no customer’s'
  }
}

function fromText({ from, isWholeNow }: Part, earlier: Period, later: Period): string {
  if (from === null) return ''
  if (isWholeNow) return `since ${shortDay(from)}, in ${longMonth(later)} for the whole month`
  const isJump = from === firstDay(later) && addMonths(earlier, 1) !== later
  return `${isJump ? 'by' : 'from'} ${shortDay(from)}`
}

function endedText({ from, isWholeNow }: Part, earlier: Period): string {
  if (from === null) return ''
  const last = shortDay(previousDay(from))
  return isWholeNow ? `after ${last}, in ${longMonth(earlier)} charged until then` : `after ${last}`
}
