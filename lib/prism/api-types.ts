/**
 * PRISM's answers as they arrive (facts/prism-api 2-4). Unknown fields are tolerated; ids may be numbers or texts;
 * fields that only inform may be missing, fields that billing needs may not.
 */
import { z } from 'zod'

const id = z.union([z.string().min(1), z.number()]).transform(String)
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')
const label = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? '' : String(value)))
const number = z.union([z.number(), z.string()])

export const tokenSchema = z.object({
  access_token: z.string().min(1),
  token_type: z.string().default('Bearer'),
  /** Seconds. */
  expires_in: z.coerce.number().positive(),
})

/** Lists come bare or in an envelope; which one is not known for each (facts 8). */
export const envelopeSchema = z.union([
  z.array(z.unknown()).transform((Records) => ({ Records, total: null })),
  z
    .object({
      Records: z.array(z.unknown()),
      TotalRecords: z.number().nullish(),
      TotalCount: z.number().nullish(),
      Total: z.number().nullish(),
    })
    .transform(({ Records, TotalRecords, TotalCount, Total }) => ({
      Records,
      total: TotalRecords ?? TotalCount ?? Total ?? null,
    })),
])

/** The shape of `/me` is not known: any JSON object, with the names seen on a customer. */
export const accountSchema = z.object({ CustomerId: id.nullish(), CustomerName: text, Name: text })

export const customerSchema = z.object({
  CustomerProgramAgreements: z
    .array(z.object({ ContractAgreementId: id.nullish(), ProgramName: text }))
    .nullish()
    .transform((agreements) => agreements ?? []),
})

export const tenantSchema = z.object({
  TenantId: id,
  TenantStatus: text,
  TenantDomain: text,
  CustomerId: label,
  CustomerName: text,
  Subscriptions: z
    .array(
      z.object({
        SubscriptionId: id,
        Status: text,
        ProductId: label,
        ProductName: text,
        Quantity: number.nullish(),
        DisplayTemplate: text,
        Unit: text,
        BillingCycle: label,
      }),
    )
    .nullish()
    .transform((subscriptions) => subscriptions ?? []),
})
export type TenantRecord = z.infer<typeof tenantSchema>

export const priceListSchema = z.object({
  ProductGroups: z.array(
    z.object({
      Products: z.array(
        z.object({
          ProductId: id,
          ProductSku: id,
          ProductName: z.string(),
          UnitPrice: number,
          RetailUnitPrice: number,
        }),
      ),
    }),
  ),
})
export type PriceListRecord = z.infer<typeof priceListSchema>

export const invoiceSchema = z.object({
  InvoiceId: id,
  ProgramName: text,
  UsageYear: z.coerce.number().int().min(2000).max(9999),
  UsageMonth: z.coerce.number().int().min(1).max(12),
  BillingPeriodStart: z.string().nullish(),
})
export type InvoiceRecord = z.infer<typeof invoiceSchema>
