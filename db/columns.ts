/** Columns as every table writes them. Money and quantities are `numeric` and read as strings; days are `date` in string mode; periods are text `YYYY-MM`. */
import { date, numeric, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { memberRights } from '#lib/base/member-rights.ts'
import type { Day, Money, Period, Quantity } from '#lib/billing/types.ts'

export const organisation = () => uuid('organisation_id').notNull()
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
export const created = () => moment('created_at').notNull().defaultNow()
export const day = (name: string) => date(name, { mode: 'string' }).$type<Day>()
export const money = (name: string) => numeric(name).$type<Money>()
export const quantity = (name: string) => numeric(name).$type<Quantity>()
export const period = (name: string) => text(name).$type<Period>()
/** What a ConnectWise member may. */
export const memberRight = (name: string) => text(name, { enum: memberRights })
