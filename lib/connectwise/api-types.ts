/**
 * ConnectWise's answers as they arrive (docs/facts/connectwise.md, "Base URL and company info", "Errors" and
 * "Records"). Unknown fields are tolerated, and fields without a value are left out of answers; what billing
 * cannot do without is required, what is only shown refuses nothing.
 */
import { z } from 'zod'
import { billCustomerSchema } from '#lib/billing/types.ts'
import { day, decimal, flag, id, key, maybeDecimal, nameOf, reference, shown, text } from './api-values.ts'

function missing(context: z.RefinementCtx): never {
  context.addIssue({ code: 'custom', message: 'is missing' })
  return z.NEVER
}

export const siteSchema = z
  .object({ CompanyName: shown, Codebase: z.string().min(1), VersionCode: shown, IsCloud: flag.catch(false) })
  .nullable()

const fieldErrorSchema = z.object({ code: shown, message: shown, field: shown })
export const errorSchema = z.object({
  code: shown,
  /** The key of a 429's body. */
  error: shown,
  message: shown,
  errors: z
    .array(fieldErrorSchema.nullable().catch(null))
    .nullish()
    .catch(null)
    .transform((errors) => (errors ?? []).filter((error) => error !== null)),
})

export const companySchema = z.object({ id, identifier: text, name: text, website: shown })
export type CompanyAnswer = z.infer<typeof companySchema>

/** Of a contact what is his mail's domain is all that is kept; what cannot be understood of it is no evidence. */
export const contactSchema = z.object({
  id,
  company: reference.catch(null),
  communicationItems: z
    .array(z.object({ value: shown, communicationType: shown }).nullable().catch(null))
    .nullish()
    .catch(null),
})
export type ContactAnswer = z.infer<typeof contactSchema>

export const agreementSchema = z.object({
  id,
  name: text,
  type: nameOf,
  company: reference,
  /** Nothing can be billed before it is known. */
  startDate: day.transform((value, context) => value ?? missing(context)),
  endDate: day,
  noEndingDateFlag: flag,
  cancelledFlag: flag,
  dateCancelled: day,
  agreementStatus: shown,
  parentAgreement: reference.catch(null),
  billingCycle: nameOf,
  billStartDate: day,
  nextInvoiceDate: day,
  prorateFlag: flag,
  invoicingCycle: text,
  periodType: shown,
  currency: z.object({ name: shown, currencyCode: shown, currencyIdentifier: shown }).nullish().catch(null),
})
export type AgreementAnswer = z.infer<typeof agreementSchema>

/** What is billed is not known without it; unknown is not 0. */
const known = maybeDecimal.transform((value, context) => value ?? missing(context))

export const additionSchema = z.object({
  id,
  product: z.object({ id }),
  quantity: known,
  lessIncluded: decimal,
  unitPrice: known,
  unitCost: known,
  billCustomer: billCustomerSchema,
  effectiveDate: day,
  cancelledDate: day,
  taxableFlag: flag,
  serialNumber: key,
  invoiceDescription: text,
  invoiceGrouping: reference,
  _info: z.object({ lastUpdated: z.string() }).nullish().catch(null),
})
export type AdditionAnswer = z.infer<typeof additionSchema>

/** Of an invoice that ConnectWise made. */
export const invoiceSchema = z.object({ id, _info: z.object({ dateEntered: z.string() }) })

/** The same, with what it comes to. */
export const invoiceHeaderSchema = z.object({
  id,
  invoiceNumber: shown,
  agreement: z.object({ id }),
  date: day,
  agreementAmount: decimal,
  productTotal: decimal,
  subtotal: known,
  _info: z.object({ dateEntered: z.string() }).nullish().catch(null),
})
export type InvoiceHeaderAnswer = z.infer<typeof invoiceHeaderSchema>

/** What it is going to invoice of an agreement, whose id it has. */
export const forecastSchema = z.object({
  id,
  nextInvoiceAmount: maybeDecimal,
  nextInvoiceDate: day,
  lastInvoiceAmount: maybeDecimal,
  lastInvoiceNumber: shown,
  unbilledPeriods: maybeDecimal,
})
export type ForecastAnswer = z.infer<typeof forecastSchema>

export const catalogItemSchema = z.object({
  id,
  identifier: text,
  description: shown,
  vendorSku: key,
  inactiveFlag: flag,
  taxableFlag: flag,
  cost: decimal,
  price: decimal,
})
export type CatalogItemAnswer = z.infer<typeof catalogItemSchema>

export const countSchema = z.object({
  count: z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,10}$/)
        .transform(Number),
    ])
    .pipe(z.number().int().nonnegative()),
})

export const setupRecordSchema = z.object({ id, name: text, inactiveFlag: flag, category: nameOf })
export type SetupRecordAnswer = z.infer<typeof setupRecordSchema>

export const hostedScreenSchema = z.object({ id, screenId: text, name: text })

export const hostedSetupSchema = z.object({
  id,
  // Which it is its URL says, so that an odd screen of another vendor's is nobody's trouble.
  screenId: id.nullable().catch(null),
  description: shown,
  type: shown,
  url: text,
  origin: shown,
  podHeight: z.number().nullish().catch(null),
  clientId: shown,
  disabledFlag: flag,
})
export type HostedSetupAnswer = z.infer<typeof hostedSetupSchema>

export const memberSchema = z.object({
  id,
  identifier: z.string().min(1),
  firstName: shown,
  lastName: shown,
  fullName: shown,
  defaultEmail: shown,
  inactiveFlag: flag,
})

/** The fields that are asked for, so that an agreement with thousands of additions is a small answer. */
export const fields = {
  company: 'id,identifier,name,website',
  contact: 'id,company/id,communicationItems',
  agreement:
    'id,name,type/id,type/name,company/id,company/name,startDate,endDate,noEndingDateFlag,cancelledFlag,dateCancelled,' +
    'agreementStatus,parentAgreement/id,parentAgreement/name,billingCycle/id,billingCycle/name,billStartDate,' +
    'nextInvoiceDate,prorateFlag,invoicingCycle,periodType,currency',
  addition:
    'id,product/id,quantity,lessIncluded,unitPrice,unitCost,billCustomer,effectiveDate,cancelledDate,taxableFlag,' +
    'serialNumber,invoiceDescription,invoiceGrouping,_info/lastUpdated',
  invoice: 'id,_info/dateEntered',
  catalogItem: 'id,identifier,description,vendorSku,inactiveFlag,taxableFlag,cost,price',
} as const
