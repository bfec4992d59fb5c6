/**
 * Columns as every table writes them, with what the database demands of their values. Money and quantities are `numeric` and
 * read as strings; days are `date` in string mode; periods are text `YYYY-MM`.
 */
import { type Column, type SQL, sql } from 'drizzle-orm'
import { customType, date, integer, numeric, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { z } from 'zod'
import { memberRights } from '#lib/base/member-rights.ts'
import { type Day, type Money, type Period, periodPattern, type Quantity } from '#lib/billing/types.ts'

/** What a CHECK demands of a column. */
export interface Rule {
  /** Ends the constraint's name. */
  readonly name: string
  readonly holds: (column: Column) => SQL
}

const rules = new WeakMap<object, Rule>()
const ruled = <Builder extends object>(builder: Builder, rule: Rule): Builder => {
  rules.set(builder, rule)
  return builder
}
/** What is demanded of the column that a builder makes, a list of values aside: its own enum says that. */
export const ruleOf = (builder: object): Rule | undefined => rules.get(builder)

const literal = (value: string): SQL => sql.raw(`'${value.replaceAll("'", "''")}'`)
export const isAmong = (column: Column, values: readonly string[]): SQL =>
  sql`${column} IN (${sql.join(values.map(literal), sql`, `)})`
const isMonth = (column: Column): SQL => sql`${column} ~ ${literal(periodPattern.source)}`

export const organisation = () => uuid('organisation_id').notNull()
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
export const created = () => moment('created_at').notNull().defaultNow()
export const day = (name: string) => date(name, { mode: 'string' }).$type<Day>()
export const money = (name: string) => numeric(name).$type<Money>()
export const quantity = (name: string) => numeric(name).$type<Quantity>()
export const period = (name: string) => ruled(text(name).$type<Period>(), { name: 'month', holds: isMonth })
/** A period, or one of some words. @param words `''` where it may have none */
export const periodOr = <Word extends string>(name: string, words: readonly Word[]) =>
  ruled(text(name).$type<Period | Word>(), {
    name: 'month',
    holds: (column) => sql`${isMonth(column)} OR ${isAmong(column, words)}`,
  })
/** One of the values; the table's CHECK has the same list. */
export const oneOf = <Value extends string>(name: string, values: readonly Value[]) =>
  text(name, { enum: values as readonly [Value, ...Value[]] })
/** What a ConnectWise member may. */
export const memberRight = (name: string) => oneOf(name, memberRights)
/** A text that is stored in lower case; the database looks at A-Z alone, as what is lower case elsewhere depends on who asks. */
export const lowered = (name: string) =>
  ruled(text(name), { name: 'lower', holds: (column) => sql`${column} = lower(${column} COLLATE "C")` })
export const count = (name: string) =>
  ruled(integer(name), { name: 'count', holds: (column) => sql`${column} >= 0` })
/** A place in a file or a sequence that begins with 1. */
export const ordinal = (name: string) =>
  ruled(integer(name), { name: 'ordinal', holds: (column) => sql`${column} >= 1` })
type Unchanged<Value> = Value extends (infer Item)[] ? readonly Item[] : Value
/**
 * A value that is stored as JSON. It is parsed whenever it is read, as another version of the product may have stored it; a query
 * that takes it apart in SQL parses what it takes.
 */
export const json = <Value>(name: string, schema: z.ZodType<Value>) =>
  customType<{ data: Unchanged<Value>; driverData: unknown }>({
    dataType: () => 'jsonb',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (value) => schema.parse(value) as Unchanged<Value>,
  })(name)
/** Bytes as they are. */
export const bytes = (name: string) => customType<{ data: Buffer }>({ dataType: () => 'bytea' })(name)
