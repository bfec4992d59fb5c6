/**
 * The fields that requests are made of. Each knows what PostgreSQL and ConnectWise can hold, and says in one sentence what to
 * enter instead, whatever was wrong with what was entered.
 */
import { z } from 'zod'
import { isOneLine } from '#lib/base/one-line.ts'
import { isStorable } from '#lib/base/storable-text.ts'
import { periodSchema } from '#lib/billing/types.ts'

/** What an `integer` column and ConnectWise's ids hold at most. */
export const LARGEST_ID = 2_147_483_647
const LAST_PAGE = 100_000

interface TextLimits {
  /** Characters; left out: 1, so that it must not be empty. */
  readonly least?: number
  readonly most: number
}

const isLine = (text: string): boolean => isStorable(text) && isOneLine(text)

/** Text on one line, as it was sent: for what must not be changed, as secrets. `message` is the whole sentence. */
export const line = (message: string, { least = 1, most }: TextLimits) =>
  z.string(message).min(least, message).max(most, message).refine(isLine, message)

/** Text on one line without surrounding spaces. `what` as in `Enter a name of at most 100 characters.` */
export function text(what: string, { least = 1, most }: TextLimits) {
  const message = `Enter ${what} of at most ${most} characters${least === 0 ? ', or nothing' : ''}.`
  return z.string(message).trim().min(least, message).max(most, message).refine(isLine, message)
}

/** A password that is chosen or given: any characters, spaces kept. */
export const password = (message: string, { least = 1, most }: TextLimits) =>
  z.string(message).min(least, message).max(most, message).refine(isStorable, message)

const EMAIL = 'Enter an e-mail address, for example anna@northwind.example.'
export const email = z.email(EMAIL).max(320, EMAIL)

export const search = text('a search', { least: 0, most: 200 })

const ID = `Choose a record by its id, a whole number from 1 to ${LARGEST_ID}.`
/** The id of a ConnectWise record in a body. */
export const recordId = z.number(ID).int(ID).min(1, ID).max(LARGEST_ID, ID)

/** A whole number from 1 in an address. */
function counted(message: string, largest: number) {
  return z
    .string(message)
    .regex(/^[1-9]\d{0,15}$/, message)
    .transform(Number)
    .refine((value) => value <= largest, message)
}

export const page = counted(`Ask for a page from 1 to ${LAST_PAGE}.`, LAST_PAGE).default(1)

/** The id of a ConnectWise record in an address. */
export const idInAddress = counted(ID, LARGEST_ID)

/** The id of an event of the audit, a `bigint` that is read as a number. */
export const eventId = counted('Ask for events before one of them, by its id.', Number.MAX_SAFE_INTEGER)

/** A program by its slug; whether there is one of it is the route's question. */
export const programSlug = text('a program', { most: 40 })

/** PRISM's id of a tenant, a subscription or a contract agreement. */
export const prismId = (what: string) => text(what, { most: 100 })

const MONTH = 'Enter a month of this century, for example 2026-11.'
export const month = z
  .string(MONTH)
  .regex(/^20\d\d-(0[1-9]|1[0-2])$/, MONTH)
  .pipe(periodSchema)

const DAY = 'Enter a day of this century, for example 2026-11-24.'
export const day = z
  .string(DAY)
  .regex(/^20\d\d-\d\d-\d\d$/, DAY)
  .refine(isDayOfCalendar, DAY)

function isDayOfCalendar(value: string): boolean {
  const at = Date.parse(value)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(value)
}

export const flag = z.boolean('Send true for on, or false for off.')

const YES_OR_NO = 'Say yes or no.'
export const yesOrNo = z.enum(['yes', 'no'], YES_OR_NO)

/** One of `values`, which the sentence names; an empty one is not named. */
export const oneOf = <const V extends readonly [string, ...string[]]>(values: V) =>
  z.enum(values, `Choose one of these: ${values.filter((value) => value !== '').join(', ')}.`)
