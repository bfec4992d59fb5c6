/** ConnectWise's records as the real API sends them, with the fields that any seed fills in alike. */
import type { Row } from '#standin/connectwise/records.ts'

export const currencies = {
  AUD: { id: 1, symbol: '$', currencyCode: 'AUD', name: 'Australian Dollar' },
  NZD: { id: 2, symbol: '$', currencyCode: 'NZD', name: 'New Zealand Dollar' },
} as const

/** As ConnectWise writes a day. */
export function timestamp(day: string): string {
  return `${day}T00:00:00Z`
}

export interface Company {
  readonly id: number
  readonly identifier: string
  readonly name: string
  readonly city: string
}

export function companyRow({ id, identifier, name, city }: Company): Row {
  return {
    id,
    identifier,
    name,
    status: { id: 1, name: 'Active' },
    types: [{ id: 1, name: 'Client' }],
    addressLine1: `${(id * 7) % 300} Example Street`,
    city,
    country: { id: 2, name: 'Australia', identifier: 'AU' },
    phoneNumber: `0255501${id}`,
    deletedFlag: false,
    currency: currencies.AUD,
  }
}

/** The company's contact has the company's id, and a telephone number where `mailDomain` is left out. */
export function contactRow({ id, identifier, name }: Company, mailDomain?: string): Row {
  const items = [
    { value: `0255502${id}`, communicationType: 'Phone', defaultFlag: true },
    ...(mailDomain === undefined
      ? []
      : [{ value: `accounts@${mailDomain}`, communicationType: 'Email', defaultFlag: true }]),
  ]
  return {
    id,
    name: `Accounts ${name}`.slice(0, 50),
    company: { id, identifier },
    inactiveFlag: false,
    communicationItems: items.map((item, at) => ({ id: id * 10 + at, ...item })),
  }
}

/** A monthly, prorate agreement of calendar months in arrears; `fields` add to it and change it. */
export function agreementRow(id: number, company: Company, fields: Readonly<Record<string, unknown>>): Row {
  return {
    id,
    type: { id: 2, name: 'Cloud Subscriptions' },
    company: { id: company.id, identifier: company.identifier, name: company.name },
    contact: { id: company.id },
    noEndingDateFlag: fields.endDate === undefined,
    cancelledFlag: false,
    billingCycle: { id: 2, name: 'Monthly' },
    prorateFlag: true,
    invoiceProratedAdditionsFlag: false,
    prorateFirstBill: 0,
    oneTimeFlag: false,
    billOneTimeFlag: false,
    invoicingCycle: 'CalendarYear',
    periodType: 'Current',
    billAmount: 0,
    taxable: true,
    currency: currencies.AUD,
    autoInvoiceFlag: false,
    billProducts: 'Billable',
    billTime: 'NoDefault',
    billExpenses: 'NoDefault',
    employeeCompRate: 'Actual',
    ...fields,
  }
}

export interface CatalogItem {
  readonly id: number
  readonly identifier: string
  readonly description: string
  readonly cost: number
  readonly price: number
  readonly vendorSku?: string
  readonly inactive?: boolean
  readonly taxable?: boolean
}

export function catalogRow({ inactive = false, taxable = false, vendorSku, ...item }: CatalogItem): Row {
  return {
    ...item,
    customerDescription: item.description,
    category: { id: 1, name: 'Miscellaneous' },
    subcategory: { id: 1, name: 'Miscellaneous' },
    type: { id: 1, name: 'Miscellaneous' },
    unitOfMeasure: { id: 1, name: 'Each' },
    productClass: 'NonInventory',
    inactiveFlag: inactive,
    taxableFlag: taxable,
    ...(vendorSku === undefined ? {} : { vendorSku }),
  }
}
