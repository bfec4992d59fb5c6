/** ConnectWise's records <-> ours. Nothing of ConnectWise's spelling passes this file. */
import { numberText } from '#lib/base/decimal-text.ts'
import type {
  Addition,
  AdditionPatch,
  CreateCatalogItemChange,
  Day,
  Money,
  Quantity,
} from '#lib/billing/types.ts'
import type {
  AdditionAnswer,
  AgreementAnswer,
  CatalogItemAnswer,
  CompanyAnswer,
  ContactAnswer,
  ForecastAnswer,
  HostedSetupAnswer,
  InvoiceHeaderAnswer,
  SetupRecordAnswer,
} from './api-types.ts'
import * as inferred from './inferred.ts'
import type { LibraryOperations } from './transport.ts'
import type {
  AdditionCreation,
  AgreementRecord,
  CatalogRecord,
  Company,
  Contact,
  Forecast,
  HostedSetup,
  InvoiceHeader,
  SetupIds,
} from './values.ts'

export function toCompany({ id, identifier, name, website }: CompanyAnswer): Company {
  return { id, identifier, name, website }
}

export function toAgreement(answer: AgreementAnswer): AgreementRecord {
  return {
    id: answer.id,
    name: answer.name,
    startDate: answer.startDate,
    endDate: inferred.agreementEnd(answer),
    nextInvoiceDate: inferred.firstDayNotInvoiced(answer.nextInvoiceDate),
    company: { id: answer.company?.id ?? 0, name: answer.company?.name ?? '' },
    type: answer.type,
    status: answer.agreementStatus,
    cancelled: answer.cancelledFlag,
    dateCancelled: answer.dateCancelled,
    prorate: answer.prorateFlag,
    invoicingCycle: answer.invoicingCycle,
    periodType: answer.periodType,
    billStartDate: answer.billStartDate,
    billingCycle: answer.billingCycle,
    billsMonthly: inferred.isMonthlyCycle(answer.billingCycle),
    currency: currencyOf(answer.currency),
    parentAgreementId: answer.parentAgreement?.id ?? null,
  }
}

function currencyOf(currency: AgreementAnswer['currency']): string | null {
  return currency?.currencyCode || currency?.currencyIdentifier || currency?.name || null
}

/** The domains of its mail, each once. */
export function toContact({ id, company, communicationItems }: ContactAnswer): Contact {
  const domains = (communicationItems ?? []).flatMap((item) =>
    item === null ? [] : (inferred.mailDomainOf(item) ?? []),
  )
  return { id, companyId: company?.id ?? null, mailDomains: [...new Set(domains)] }
}

export function toAddition(answer: AdditionAnswer): Addition {
  return {
    id: answer.id,
    catalogItemId: answer.product.id,
    serialNumber: answer.serialNumber,
    quantity: answer.quantity as Quantity,
    lessIncluded: answer.lessIncluded as Quantity,
    unitCost: answer.unitCost as Money,
    unitPrice: answer.unitPrice as Money,
    effectiveDate: answer.effectiveDate,
    cancelledDate: answer.cancelledDate,
    billCustomer: answer.billCustomer,
    taxable: answer.taxableFlag,
    invoiceDescription: answer.invoiceDescription,
    invoiceGrouping: answer.invoiceGrouping,
  }
}

export function toCatalogItem(answer: CatalogItemAnswer): CatalogRecord {
  return {
    id: answer.id,
    identifier: answer.identifier,
    description: answer.description,
    vendorSku: answer.vendorSku,
    inactive: answer.inactiveFlag,
    taxable: answer.taxableFlag,
    unitCost: answer.cost as Money,
    unitPrice: answer.price as Money,
  }
}

export const toInvoiceHeader = (answer: InvoiceHeaderAnswer): InvoiceHeader => ({
  id: answer.id,
  number: answer.invoiceNumber,
  agreementId: answer.agreement.id,
  date: answer.date,
  madeAt: answer._info?.dateEntered ?? null,
  agreementAmount: answer.agreementAmount as Money,
  productTotal: answer.productTotal as Money,
  subtotal: answer.subtotal as Money,
})

export const toForecast = (answer: ForecastAnswer): Forecast => ({
  id: answer.id,
  nextInvoiceAmount: answer.nextInvoiceAmount as Money | null,
  nextInvoiceDate: inferred.firstDayNotInvoiced(answer.nextInvoiceDate),
  lastInvoiceAmount: answer.lastInvoiceAmount as Money | null,
  lastInvoiceNumber: answer.lastInvoiceNumber,
  unbilledPeriods: answer.unbilledPeriods === null ? null : Number(answer.unbilledPeriods),
})

/** A set-up record with its category's name, which only sub-categories have. */
export const toSetupRecord = ({ id, name, inactiveFlag, category }: SetupRecordAnswer) => ({
  id,
  name,
  inactive: inactiveFlag,
  categoryName: category,
})

export function toHostedSetup(answer: HostedSetupAnswer): HostedSetup {
  const { id, screenId, description, type, url, origin } = answer
  return {
    id,
    screenId,
    description,
    type,
    url,
    origin,
    ...(typeof answer.podHeight === 'number' ? { podHeight: answer.podHeight } : {}),
    ...(answer.clientId === '' ? {} : { clientId: answer.clientId }),
    disabled: answer.disabledFlag,
  }
}

// ───────────────────────────── what we write ─────────────────────────────

/** The JSON body of a new addition. An empty invoice description is left out: ConnectWise then takes the product's. */
export function additionBody(draft: AdditionCreation): Record<string, unknown> {
  return {
    product: { id: draft.catalogItemId },
    billCustomer: draft.billCustomer,
    quantity: numberOf(draft.quantity),
    lessIncluded: numberOf(draft.lessIncluded),
    unitPrice: numberOf(draft.unitPrice),
    unitCost: numberOf(draft.unitCost),
    effectiveDate: inferred.timestampOfDay(draft.effectiveDate),
    ...(draft.cancelledDate === null ? {} : { cancelledDate: inferred.timestampOfDay(draft.cancelledDate) }),
    taxableFlag: draft.taxable,
    serialNumber: draft.serialNumber,
    ...(draft.invoiceDescription === '' ? {} : { invoiceDescription: draft.invoiceDescription }),
    ...(draft.invoiceGrouping === null ? {} : { invoiceGrouping: { id: draft.invoiceGrouping.id } }),
  }
}

export type PatchOperation =
  | { readonly op: 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }

/**
 * Operations with bare, case-exact paths (docs/facts/connectwise.md, "Verbs and PATCH"); a cancelled date of
 * `null` opens the addition again.
 */
export function additionPatch(set: AdditionPatch): PatchOperation[] {
  const operations: PatchOperation[] = []
  const replace = (path: string, value: unknown) => operations.push({ op: 'replace', path, value })
  if (set.serialNumber !== undefined) replace('serialNumber', set.serialNumber)
  if (set.quantity !== undefined) replace('quantity', numberOf(set.quantity))
  if (set.lessIncluded !== undefined) replace('lessIncluded', numberOf(set.lessIncluded))
  if (set.effectiveDate !== undefined) replace('effectiveDate', dateOf(set.effectiveDate))
  if (set.billCustomer !== undefined) replace('billCustomer', set.billCustomer)
  if (set.unitCost !== undefined) replace('unitCost', numberOf(set.unitCost))
  if (set.unitPrice !== undefined) replace('unitPrice', numberOf(set.unitPrice))
  if (set.cancelledDate === null) operations.push(inferred.emptying('cancelledDate'))
  else if (set.cancelledDate !== undefined) replace('cancelledDate', dateOf(set.cancelledDate))
  return operations
}

const dateOf = (day: Day): string => inferred.timestampOfDay(day)

/** The JSON body of a new catalog item (D2); its category is the sub-category's. */
export function catalogItemBody(change: CreateCatalogItemChange, setup: SetupIds): Record<string, unknown> {
  return {
    identifier: change.identifier,
    description: change.description,
    customerDescription: change.customerDescription,
    vendorSku: change.sku,
    category: { id: setup.category },
    subcategory: { id: setup.subcategory },
    type: { id: setup.productType },
    unitOfMeasure: { id: setup.unitOfMeasure },
    cost: numberOf(change.unitCost),
    price: numberOf(change.unitPrice),
    taxableFlag: change.taxable,
  }
}

/** Cost and price as PATCH takes them. */
export const catalogItemOperations = ({
  unitCost,
  unitPrice,
  vendorSku,
}: {
  readonly unitCost: Money
  readonly unitPrice: Money
  readonly vendorSku?: string
}): LibraryOperations =>
  // The library's type of an operation takes objects only as its value.
  [
    { op: 'replace', path: 'cost', value: numberOf(unitCost) },
    { op: 'replace', path: 'price', value: numberOf(unitPrice) },
    ...(vendorSku === undefined ? [] : [{ op: 'replace', path: 'vendorSku', value: vendorSku }]),
  ] as unknown as LibraryOperations

/** A JSON number for a decimal text. ConnectWise stores doubles; a text that a double cannot hold is a programmer error. */
function numberOf(text: Money | Quantity): number {
  const value = Number(text)
  if (numberText(value) !== text) throw new Error(`${text} does not fit into a JSON number`)
  return value
}
