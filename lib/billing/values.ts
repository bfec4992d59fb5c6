/** Days, periods, money and quantities, as texts that never pass through a float or a time zone. */
import { z } from 'zod'

export const daySchema = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/)
  .brand<'Day'>()
export const periodPattern = /^\d{4}-(0[1-9]|1[0-2])$/
export const periodSchema = z.string().regex(periodPattern).brand<'Period'>()
const decimalPattern = /^-?\d+(\.\d+)?$/
export const moneySchema = z.string().regex(decimalPattern).brand<'Money'>()
export const quantitySchema = z.string().regex(decimalPattern).brand<'Quantity'>()

/** A calendar day, `YYYY-MM-DD`. */
export type Day = z.infer<typeof daySchema>
/** A calendar month, `YYYY-MM`. */
export type Period = z.infer<typeof periodSchema>
/** A decimal string in the connection's currency; of a unit or of a total, as the field's name says. */
export type Money = z.infer<typeof moneySchema>
/** A decimal string; licences, or 1 for Azure. */
export type Quantity = z.infer<typeof quantitySchema>

/** Cost (rhipe's buy price) and price (RRP, what the customer pays) of the same thing; unit or total as the field's name says. */
export const amountSchema = z.object({ cost: moneySchema, price: moneySchema })
export type Amount = z.infer<typeof amountSchema>
