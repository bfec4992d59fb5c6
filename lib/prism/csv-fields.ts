/**
 * What the fields of an invoice CSV say (docs/facts/prism.md, "Invoice CSV"); each throws `Unreadable` where
 * it says nothing.
 */
import { decimalText, isAmbiguousNumber } from '#lib/base/decimal-text.ts'
import { hasLostCharacters } from '#lib/base/storable-text.ts'
import { decimal, holdable } from '#lib/billing/decimal.ts'
import { cutText } from '#lib/billing/text.ts'
import type { Day, Money, Quantity } from '#lib/billing/types.ts'
import { idText, longestId } from './api-types.ts'
import { dayOf } from './mapper.ts'

/** What is wrong with a row; `column` is `null` where no single one is. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
  readonly column: string | null
  readonly reason: string

  constructor(column: string | null, reason: string) {
    super(reason)
    this.column = column
    this.reason = reason
  }
}

const isUnset = (text: string): boolean => /^(null)?$/i.test(text.trim())
export const unsetAsEmpty = (text: string | null): string | null =>
  text !== null && isUnset(text) ? '' : text

export function readId(text: string): string {
  const id = idText(text)
  if (id === '') throw new Unreadable('SubscriptionId', 'the subscription id is empty')
  if (!isWholeId(id)) throw new Unreadable('SubscriptionId', `${shown(text)} is no subscription id`)
  return id
}

export const isWholeId = (id: string): boolean => id.length <= longestId && !hasLostCharacters(id)

export function readNumber(text: string, column: string): Money {
  const value = decimalText(text)
  if (value !== null) return value as Money
  const reason = isAmbiguousNumber(text)
    ? 'may have a decimal comma or a group of thousands'
    : 'is not a number'
  throw new Unreadable(column, `${shown(text)} ${reason}`)
}

/** A quantity is written as it is, or not at all: unlike a price it is never cut. */
export function readQuantity(text: string): Quantity {
  const value: string = readNumber(text, 'Quantity')
  if (!holdable(decimal(value)).eq(value))
    throw new Unreadable('Quantity', `${shown(text)} has more digits than ConnectWise can hold`)
  return value as Quantity
}

export function readDay(text: string, column: string): Day {
  const day = dayOf(text)
  if (day === null) throw new Unreadable(column, `${shown(text)} is not a date`)
  return day
}

const longestShown = 40
export const shortened = (text: string): string =>
  text.length > longestShown ? `${cutText(text, longestShown)}…` : text
const shown = (text: string): string => (isUnset(text) ? 'an empty field' : `'${shortened(text)}'`)
