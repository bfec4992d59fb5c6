/**
 * The kinds of ConnectWise's records: how one is read, and what people call it and its fields where it cannot be read. The
 * labels are those of ConnectWise's own screens.
 */
import type { z } from 'zod'
import {
  additionSchema,
  agreementSchema,
  catalogItemSchema,
  companySchema,
  contactSchema,
  forecastSchema,
  hostedScreenSchema,
  hostedSetupSchema,
  invoiceHeaderSchema,
  invoiceSchema,
  setupRecordSchema,
} from './api-types.ts'
import {
  toAddition,
  toAgreement,
  toCatalogItem,
  toCompany,
  toContact,
  toForecast,
  toHostedSetup,
  toInvoiceHeader,
  toSetupRecord,
} from './mapper.ts'

type Row = Readonly<Record<string, unknown>>

export interface RecordKind<T extends { readonly id: number }> {
  /** One of them, e.g. `addition`. */
  readonly what: string
  readonly schema: z.ZodType<T>
  /** The fields by whose values a person finds it; its id where they have none. */
  readonly namedBy: readonly string[]
  /** By path, e.g. `product.id`. */
  readonly labels: Readonly<Record<string, string>>
}

const kind = <T extends { readonly id: number }>(of: RecordKind<T>): RecordKind<T> => of

type Naming = Pick<RecordKind<{ readonly id: number }>, 'what' | 'namedBy' | 'labels'>

/** What a person can find the record by: its name, else its kind and id; `''` where it has neither. */
export function nameOfRow({ what, namedBy }: Naming, row: Row): string {
  const name = namedBy
    .map((field) => row[field])
    .find((value) => typeof value === 'string' && value.trim() !== '')
  if (typeof name === 'string') return name
  const { id } = row
  return typeof id === 'number' || (typeof id === 'string' && id.trim() !== '') ? `${what} ${id}` : ''
}

export const labelIn =
  ({ labels }: Naming) =>
  (path: string): string =>
    labels[path] ?? labels[path.split('.')[0] ?? ''] ?? path

export const companies = kind({
  what: 'company',
  schema: companySchema.transform(toCompany),
  namedBy: ['name', 'identifier'],
  labels: { id: 'Its id', identifier: 'Company ID', name: 'Company' },
})

export const contacts = kind({
  what: 'contact',
  schema: contactSchema.transform(toContact),
  namedBy: [],
  labels: { id: 'Its id' },
})

export const agreements = kind({
  what: 'agreement',
  schema: agreementSchema.transform(toAgreement),
  namedBy: ['name'],
  labels: {
    id: 'Its id',
    name: 'Agreement Name',
    company: 'Company',
    startDate: 'Date Start',
    endDate: 'Date End',
    noEndingDateFlag: 'No Ending Date',
    cancelledFlag: 'Cancelled',
    dateCancelled: 'Date Cancelled',
    billStartDate: 'Billing Start Date',
    nextInvoiceDate: 'Next Invoice Date',
    prorateFlag: 'Prorate Agreement',
    invoicingCycle: 'Invoicing Cycle',
  },
})

const additionParts = {
  what: 'addition',
  namedBy: [],
  labels: {
    id: 'Its id',
    product: 'Product ID',
    quantity: 'Quantity',
    lessIncluded: 'Less Included',
    unitPrice: 'Unit Price',
    unitCost: 'Unit Cost',
    billCustomer: 'Bill Customer',
    effectiveDate: 'Effective Date',
    cancelledDate: 'Cancelled Date',
    taxableFlag: 'Taxable',
    serialNumber: 'Serial Number',
    invoiceDescription: 'Invoice Description',
    invoiceGrouping: 'Invoice Grouping',
  },
} as const

export const additions = kind({ ...additionParts, schema: additionSchema.transform(toAddition) })

/** An addition in a list, with when it was changed last. */
export const listedAdditions = kind({
  ...additionParts,
  schema: additionSchema.transform((answer) => ({
    id: answer.id,
    addition: toAddition(answer),
    changedAt: answer._info?.lastUpdated ?? null,
  })),
})

export const invoices = kind({
  what: 'invoice',
  schema: invoiceSchema.transform(({ id, _info }) => ({ id, madeAt: _info.dateEntered })),
  namedBy: [],
  labels: { id: 'Its id' },
})

export const invoiceHeaders = kind({
  what: 'invoice',
  schema: invoiceHeaderSchema.transform(toInvoiceHeader),
  namedBy: ['invoiceNumber'],
  labels: { id: 'Its id', agreement: 'Agreement', date: 'Date', subtotal: 'Subtotal' },
})

export const forecasts = kind({
  what: 'forecast of agreement',
  schema: forecastSchema.transform(toForecast),
  namedBy: [],
  labels: { id: 'Its id', nextInvoiceAmount: 'Next Invoice Amount', nextInvoiceDate: 'Next Invoice Date' },
})

export const catalogItems = kind({
  what: 'product',
  schema: catalogItemSchema.transform(toCatalogItem),
  namedBy: ['identifier'],
  labels: {
    id: 'Its id',
    identifier: 'Product ID',
    vendorSku: 'Vendor SKU',
    inactiveFlag: 'Inactive',
    taxableFlag: 'Taxable',
    cost: 'Unit Cost',
    price: 'Unit Price',
  },
})

export const setupRecords = kind({
  what: 'record',
  schema: setupRecordSchema.transform(toSetupRecord),
  namedBy: ['name'],
  labels: { id: 'Its id', name: 'Name', inactiveFlag: 'Inactive' },
})

export const hostedScreens = kind({
  what: 'screen',
  schema: hostedScreenSchema,
  namedBy: ['name', 'screenId'],
  labels: { id: 'Its id', screenId: 'Screen', name: 'Name' },
})

export const hostedSetups = kind({
  what: 'hosted API entry',
  schema: hostedSetupSchema.transform(toHostedSetup),
  namedBy: ['description'],
  labels: { id: 'Its id', screenId: 'Screen', url: 'URL', disabledFlag: 'Disabled' },
})
