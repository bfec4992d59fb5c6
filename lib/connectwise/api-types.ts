/**
 * ConnectWise's answers as they arrive (facts/connectwise-api 2, 5, 9). Unknown fields are tolerated, and fields
 * without a value are left out of answers; what billing cannot do without is required.
 */
import { z } from 'zod'
import { billCustomerSchema } from '#lib/billing/types.ts'

const id = z.number().int()
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')
const number = z.number().nullish()
const flag = z.boolean().nullish()
const timestamp = z.string().nullish()
const reference = z.object({ id, name: text })

export const siteSchema = z
  .object({
    CompanyName: text,
    Codebase: z.string().min(1),
    VersionCode: text,
    /** `"True"`, `"False"` or a boolean. */
    IsCloud: z
      .union([z.boolean(), z.string()])
      .nullish()
      .transform((value) => String(value ?? '').toLowerCase() === 'true'),
  })
  .nullable()

export const errorSchema = z.object({
  code: text,
  /** The key of a 429's body. */
  error: text,
  message: text,
  errors: z
    .array(z.object({ code: text, message: text, field: text }))
    .nullish()
    .transform((errors) => errors ?? []),
})

export const companySchema = z.object({ id, identifier: text, name: text, website: text })
export type CompanyAnswer = z.infer<typeof companySchema>

export const agreementSchema = z.object({
  id,
  name: text,
  type: reference.nullish(),
  company: reference.nullish(),
  startDate: timestamp,
  endDate: timestamp,
  noEndingDateFlag: flag,
  cancelledFlag: flag,
  dateCancelled: timestamp,
  agreementStatus: text,
  parentAgreement: reference.nullish(),
  billingCycle: reference.nullish(),
  billStartDate: timestamp,
  nextInvoiceDate: timestamp,
  prorateFlag: flag,
  invoicingCycle: text,
  periodType: text,
  currency: z.object({ name: text, currencyCode: text, currencyIdentifier: text }).nullish(),
})
export type AgreementAnswer = z.infer<typeof agreementSchema>

export const additionSchema = z.object({
  id,
  product: z.object({ id }),
  quantity: number,
  lessIncluded: number,
  unitPrice: number,
  unitCost: number,
  billCustomer: billCustomerSchema,
  effectiveDate: timestamp,
  cancelledDate: timestamp,
  taxableFlag: flag,
  serialNumber: text,
  invoiceDescription: text,
  invoiceGrouping: reference.nullish(),
})
export type AdditionAnswer = z.infer<typeof additionSchema>

export const catalogItemSchema = z.object({
  id,
  identifier: text,
  description: text,
  vendorSku: text,
  inactiveFlag: flag,
  taxableFlag: flag,
  cost: number,
  price: number,
})
export type CatalogItemAnswer = z.infer<typeof catalogItemSchema>

export const countSchema = z.object({ count: z.number().int().nonnegative() })

export const setupRecordSchema = z.object({
  id,
  name: text,
  inactiveFlag: flag,
  category: reference.nullish(),
})

export const hostedScreenSchema = z.object({
  id,
  screenId: z
    .union([z.string(), z.number()])
    .nullish()
    .transform((value) => String(value ?? '')),
  name: text,
})

export const hostedSetupSchema = z.object({
  id,
  screenId: id,
  description: text,
  type: text,
  url: text,
  origin: text,
  podHeight: number,
  clientId: text,
  disabledFlag: flag,
})
export type HostedSetupAnswer = z.infer<typeof hostedSetupSchema>

export const memberSchema = z.object({
  id,
  identifier: z.string().min(1),
  firstName: text,
  lastName: text,
  fullName: text,
  defaultEmail: text,
  inactiveFlag: flag,
})

/** The fields that are asked for, so that an agreement with thousands of additions is a small answer. */
export const fields = {
  company: 'id,identifier,name,website',
  agreement:
    'id,name,type/id,type/name,company/id,company/name,startDate,endDate,noEndingDateFlag,cancelledFlag,dateCancelled,' +
    'agreementStatus,parentAgreement/id,parentAgreement/name,billingCycle/id,billingCycle/name,billStartDate,' +
    'nextInvoiceDate,prorateFlag,invoicingCycle,periodType,currency',
  addition:
    'id,product/id,quantity,lessIncluded,unitPrice,unitCost,billCustomer,effectiveDate,cancelledDate,taxableFlag,' +
    'serialNumber,invoiceDescription,invoiceGrouping',
  catalogItem: 'id,identifier,description,vendorSku,inactiveFlag,taxableFlag,cost,price',
} as const
