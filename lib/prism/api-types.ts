/**
 * PRISM's answers as they arrive (docs/facts/prism.md). Unknown fields are tolerated; ids may be numbers or
 * texts; a field that only informs may be unset (absent, null or empty alike), one that billing needs may
 * not. Lists are read record by record.
 */
import { z } from 'zod'
import { numberText } from '#lib/base/decimal-text.ts'
import { hasLostCharacters, storable } from '#lib/base/storable-text.ts'
import { cutText } from '#lib/billing/text.ts'
import type { Money } from '#lib/billing/types.ts'

/** PostgreSQL indexes ids and names, and takes no key beyond about 2,700 bytes. */
export const longestId = 200
const longestName = 400

/** What .NET and databases write where there is no value. */
const unset = /^(null|0{8}-0{4}-0{4}-0{4}-0{12})?$/i

/** An id as text without surrounding spaces; `''` where it is unset. */
export const idText = (value: string): string => {
  const text = storable(value).trim()
  return unset.test(text) ? '' : text
}

const id = z
  .union([z.string(), z.number()])
  .transform((value) => idText(String(value)))
  .pipe(z.string().min(1).max(longestId))
  .refine((value) => !hasLostCharacters(value))
/** One that may be unset: `''`. */
const maybeId = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => idText(String(value ?? '')))
  .pipe(z.string().max(longestId))
const label = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => cutText(storable(String(value ?? '')).trim(), longestName))
const decimal = z.union([z.number(), z.string()]).transform((value, ctx) => {
  const text = numberText(value)
  if (text !== null) return text as Money
  ctx.addIssue('no number')
  return z.NEVER
})
const wholeNumber = z
  .union([z.number(), z.string().trim().min(1)])
  .transform(Number)
  .pipe(z.number().int())
const list = z
  .array(z.unknown())
  .nullish()
  .transform((rows) => rows ?? [])

export const tokenSchema = z.object({
  access_token: z.string().min(1),
  token_type: z.string().default('Bearer'),
  /** Seconds. */
  expires_in: z.coerce.number().positive(),
})

const count = z
  .unknown()
  .optional()
  .transform((value) => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    return typeof number === 'number' && Number.isFinite(number) ? number : null
  })

/** Lists come bare or in an envelope; which one is not known for each (docs/facts/prism.md, "Endpoints"). */
export const envelopeSchema = z.union([
  z.array(z.unknown()).transform((Records) => ({ Records, total: null })),
  z
    .object({ Records: z.array(z.unknown()), TotalRecords: count, TotalCount: count, Total: count })
    .transform(({ Records, TotalRecords, TotalCount, Total }) => ({
      Records,
      total: TotalRecords ?? TotalCount ?? Total ?? null,
    })),
])

/** The shape of `/me` is not known: any JSON object, with the names seen on a customer. */
export const accountSchema = z.object({ CustomerId: maybeId, CustomerName: label, Name: label })

export const customerSchema = z.object({ CustomerProgramAgreements: list })
/** `ContractAgreementId` is unset where the customer has none for the program. */
export const programAgreementSchema = z.object({ ContractAgreementId: maybeId, ProgramName: label })

/** A tenant; its subscriptions are a list of their own. */
export const tenantSchema = z.object({
  TenantId: id,
  TenantStatus: label,
  TenantDomain: label,
  CustomerId: label,
  CustomerName: label,
  Subscriptions: list,
})
export type TenantRecord = z.infer<typeof tenantSchema>

export const subscriptionSchema = z.object({
  SubscriptionId: id,
  Status: label,
  ProductId: label,
  ProductName: label,
  /** Shown only, never billed: any form of it is taken. */
  Quantity: z.unknown().optional(),
  DisplayTemplate: label,
  Unit: label,
  BillingCycle: label,
  /** Shown only: one that is no day is none. */
  FirstPurchased: label,
})
export type SubscriptionRecord = z.infer<typeof subscriptionSchema>

export const priceListSchema = z.object({ ProductGroups: z.array(z.unknown()) })
export const productGroupSchema = z.object({ ProductGroup: label, Products: list })
export const productSchema = z.object({
  ProductId: id,
  ProductSku: id,
  ProductName: label.pipe(z.string().min(1)),
  UnitPrice: decimal,
  RetailUnitPrice: decimal,
})
export type ProductRecord = z.infer<typeof productSchema>

export const invoiceSchema = z.object({
  InvoiceId: id,
  /** One without it may be of any program: it is not another's. */
  ProgramName: label.pipe(z.string().min(1)),
  UsageYear: wholeNumber.pipe(z.number().min(2000).max(9999)),
  UsageMonth: wholeNumber.pipe(z.number().min(1).max(12)),
  BillingPeriodStart: label,
})
export type InvoiceRecord = z.infer<typeof invoiceSchema>
