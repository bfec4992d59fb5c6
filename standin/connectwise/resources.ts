/**
 * One table per resource: its fields with required, longest lengths, allowed values and references
 * (facts, connectwise-api 9 and hosted-api 2; lengths are the shorter where versions differ).
 */
import {
  type Collection,
  computed,
  date,
  type Field,
  flag,
  integer,
  list,
  number,
  object,
  oneOf,
  reference,
  required,
  text,
} from './fields.ts'
import * as inferred from './inferred.ts'

export interface Resource {
  /** As error messages name it: "addition object is invalid". */
  readonly name: string
  readonly collection: Collection
  /** Below `/apis/3.0`. */
  readonly path: string
  /** The field that holds the parent, where the path runs through one (`:parentId`): its id, or a reference to it. */
  readonly parent?: {
    readonly collection: Collection
    readonly field: string
    readonly holds: 'id' | 'reference'
  }
  readonly readOnly?: boolean
  readonly fields: Readonly<Record<string, Field>>
}

const billable = ['Billable', 'DoNotBill', 'NoCharge'] as const
const statuses = ['Active', 'Cancelled', 'Expired', 'Inactive'] as const

const additionFields: Resource['fields'] = {
  agreementId: integer(computed),
  sequenceNumber: integer(),
  product: reference('catalog', 'identifier', required),
  quantity: number(),
  lessIncluded: number(),
  unitPrice: number(),
  unitCost: number(),
  billCustomer: oneOf(billable, required),
  effectiveDate: date(),
  cancelledDate: date(),
  taxableFlag: { kind: 'boolean' },
  purchaseItemFlag: flag(),
  specialOrderFlag: flag(),
  serialNumber: text(50),
  invoiceDescription: text(6000),
  description: text(),
  uom: text(),
  invoiceGrouping: object(),
  opportunity: object(),
  customFields: list(),
  billedQuantity: number(computed),
  extPrice: number(computed),
  extCost: number(computed),
  margin: number(computed),
  prorateCost: number(computed),
  proratePrice: number(computed),
  extendedProrateCost: number(computed),
  extendedProratePrice: number(computed),
  prorateCurrentPeriodFlag: flag(),
  agreementStatus: oneOf(statuses, computed),
}

const onUpdate = (standard: string) => ({ standard, requiredOnUpdate: true })

const agreementFields: Resource['fields'] = {
  name: text(100, required),
  type: reference('agreementTypes', 'name', required),
  company: reference('companies', 'identifier', required),
  contact: reference('contacts', 'name', required),
  parentAgreement: reference('agreements', 'name'),
  startDate: date(),
  endDate: date(),
  noEndingDateFlag: flag(),
  cancelledFlag: flag(),
  dateCancelled: date(),
  reasonCancelled: text(),
  agreementStatus: oneOf(statuses, computed),
  billingCycle: reference('billingCycles', 'name'),
  billStartDate: date(),
  nextInvoiceDate: date(),
  prorateFlag: flag(),
  invoiceProratedAdditionsFlag: flag(),
  prorateFirstBill: number(),
  oneTimeFlag: flag(),
  billOneTimeFlag: flag(),
  invoicingCycle: oneOf(['ContractYear', 'CalendarYear'], onUpdate('CalendarYear')),
  periodType: oneOf(['Current', 'Future', 'Both', 'Undefined'], { standard: 'Current' }),
  billToCompany: reference('companies', 'identifier'),
  billAmount: number(),
  taxable: flag(),
  taxCode: object(),
  currency: object(),
  autoInvoiceFlag: flag(),
  billProducts: oneOf([...billable, 'NoDefault'], onUpdate('Billable')),
  billTime: oneOf([...billable, 'NoDefault'], onUpdate('Billable')),
  billExpenses: oneOf([...billable, 'NoDefault'], onUpdate('Billable')),
  employeeCompRate: oneOf(['Hourly', 'Actual'], onUpdate('Actual')),
  customFields: list(),
}

const companyFields: Resource['fields'] = {
  identifier: text(25, { required: true, unique: 'Company ID already in use.' }),
  name: text(50, required),
  status: reference('companyStatuses', 'name', { standard: { id: 1 } }),
  addressLine1: text(50),
  addressLine2: text(50),
  city: text(50),
  state: text(50),
  zip: text(12),
  country: object(),
  phoneNumber: text(30),
  website: text(255),
  yearEstablished: integer({ range: [1900, 9999] }),
  defaultContact: reference('contacts', 'name'),
  parentCompany: reference('companies', 'identifier'),
  billToCompany: reference('companies', 'identifier'),
  currency: object(),
  deletedFlag: flag(),
  types: list(),
  customFields: list(),
  ...Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`userDefinedField${index + 1}`, text(50)])),
}

const catalogFields: Resource['fields'] = {
  identifier: text(60, { required: true, unique: inferred.catalogIdentifierTaken }),
  description: text(60, required),
  subcategory: reference('subcategories', 'name', required),
  type: reference('productTypes', 'name', required),
  customerDescription: text(6000, required),
  category: reference('categories', 'name'),
  unitOfMeasure: reference('unitOfMeasures', 'name'),
  inactiveFlag: flag(),
  productClass: oneOf(['Agreement', 'Bundle', 'Inventory', 'NonInventory', 'Service'], {
    standard: 'NonInventory',
  }),
  price: number(),
  cost: number(),
  priceAttribute: oneOf(['FixedFee', 'NotToExceed', 'OverrideRate', 'TimeAndMaterials']),
  taxableFlag: flag(),
  serializedFlag: flag(),
  serializedCostFlag: flag(),
  dropShipFlag: flag(),
  specialOrderFlag: flag(),
  phaseProductFlag: flag(),
  manufacturer: object(),
  manufacturerPartNumber: text(50),
  vendor: object(),
  vendorSku: text(50),
  notes: text(),
  integrationXRef: text(50),
  recurringFlag: flag(),
  recurringRevenue: number(),
  recurringCost: number(),
  recurringOneTimeFlag: flag(),
  recurringBillCycle: reference('billingCycles', 'name'),
  recurringCycleType: oneOf(['ContractYear', 'CalendarYear']),
  calculatedPriceFlag: flag(),
  calculatedCostFlag: flag(),
  billableOption: oneOf([...billable, 'NoDefault']),
  markupPercentage: number(),
  markupFlag: flag(),
  autoUpdateUnitCostFlag: flag(),
  autoUpdateUnitPriceFlag: flag(),
  customFields: list(),
}

const hostedSetupFields: Resource['fields'] = {
  screenId: integer(required),
  description: text(50, required),
  url: text(1024, required),
  type: oneOf(['Tab', 'Pod', 'ToolbarButton'], required),
  origin: text(100),
  podHeight: integer(),
  clientId: text(36),
  toolbarButtonText: text(50),
  toolbarButtonToolTip: text(50),
  toolbarButtonIconDocumentId: integer(),
  toolbarButtonDialogHeight: integer(),
  toolbarButtonDialogWidth: integer(),
  disabledFlag: flag(),
  locationIds: list(),
  locationsEnabledFlag: flag(),
  createdBy: text(),
  dateCreated: date(),
}

const memberFields: Resource['fields'] = {
  identifier: text(15, { required: true, unique: 'Member ID already in use.' }),
  firstName: text(30),
  lastName: text(30),
  fullName: text(),
  defaultEmail: text(),
  licenseClass: oneOf(['A', 'C', 'F', 'X'], { standard: 'F' }),
  inactiveFlag: flag(),
  timeZone: object(),
  memberHash: text(undefined, { hidden: true }),
  answersAs: text(undefined, { hidden: true }),
}

const subcategoryFields: Resource['fields'] = {
  name: text(50, required),
  inactiveFlag: flag(),
  integrationXref: text(50),
  defaultFlag: flag(),
}

const callbackFields: Resource['fields'] = {
  description: text(100),
  url: text(undefined, required),
  objectId: integer(required),
  type: text(undefined, required),
  level: text(undefined, required),
  memberId: integer(),
  payloadVersion: text(),
  inactiveFlag: flag(),
  isSoapCallbackFlag: flag(),
  isSelfSuppressedFlag: flag(),
  connectWiseID: text(),
}

const named = (more: Resource['fields'] = {}): Resource['fields'] => ({ name: text(50, required), ...more })

/** Literal paths come before those with an id, so that `/finance/agreements/types` is not taken for an agreement. */
export const resources: readonly Resource[] = [
  {
    name: 'companyStatus',
    collection: 'companyStatuses',
    path: '/company/companies/statuses',
    fields: named({ defaultFlag: flag(), inactiveFlag: flag() }),
  },
  { name: 'companyType', collection: 'companyTypes', path: '/company/companies/types', fields: named() },
  { name: 'company', collection: 'companies', path: '/company/companies', fields: companyFields },
  {
    name: 'contact',
    collection: 'contacts',
    path: '/company/contacts',
    fields: named({ company: reference('companies', 'identifier') }),
  },
  { name: 'agreementType', collection: 'agreementTypes', path: '/finance/agreements/types', fields: named() },
  {
    name: 'addition',
    collection: 'additions',
    path: '/finance/agreements/:parentId/additions',
    parent: { collection: 'agreements', field: 'agreementId', holds: 'id' },
    fields: additionFields,
  },
  { name: 'agreement', collection: 'agreements', path: '/finance/agreements', fields: agreementFields },
  {
    name: 'billingCycle',
    collection: 'billingCycles',
    path: '/finance/billingCycles',
    fields: named({
      identifier: text(5, required),
      defaultFlag: flag(),
      billingOptions: oneOf(
        ['BiMonthly', 'BiWeekly', 'Monthly', 'NotRecurring', 'Quarterly', 'SemiAnnual', 'Weekly', 'Yearly'],
        required,
      ),
    }),
  },
  { name: 'catalogItem', collection: 'catalog', path: '/procurement/catalog', fields: catalogFields },
  {
    name: 'subCategory',
    collection: 'subcategories',
    path: '/procurement/categories/:parentId/subcategories',
    parent: { collection: 'categories', field: 'category', holds: 'reference' },
    fields: subcategoryFields,
  },
  {
    name: 'category',
    collection: 'categories',
    path: '/procurement/categories',
    fields: named({
      inactiveFlag: flag(),
      priceLevelXref: text(10),
      integrationXref: text(50),
      locationIds: list(),
      defaultFlag: flag(),
    }),
  },
  {
    name: 'subCategory',
    collection: 'subcategories',
    path: '/procurement/subcategories',
    fields: { ...subcategoryFields, category: reference('categories', 'name', required) },
  },
  {
    name: 'productType',
    collection: 'productTypes',
    path: '/procurement/types',
    fields: named({
      typeXref: oneOf(['InventoryPart', 'NonInventoryPart', 'OtherCharge', 'Service']),
      inactiveFlag: flag(),
      defaultFlag: flag(),
    }),
  },
  {
    name: 'unitOfMeasure',
    collection: 'unitOfMeasures',
    path: '/procurement/unitOfMeasures',
    fields: named({ inactiveFlag: flag(), defaultFlag: flag(), uomScheduleXref: text(31) }),
  },
  {
    name: 'connectWiseHostedSetup',
    collection: 'hostedSetups',
    path: '/system/connectwisehostedsetups',
    fields: hostedSetupFields,
  },
  {
    name: 'connectWiseHostedScreen',
    collection: 'hostedScreens',
    path: '/system/connectWiseHostedScreens',
    readOnly: true,
    fields: { screenId: text(), name: text() },
  },
  { name: 'member', collection: 'members', path: '/system/members', fields: memberFields },
  { name: 'callbackEntry', collection: 'callbacks', path: '/system/callbacks', fields: callbackFields },
]

/** The table of a collection. */
export function tableOf(collection: Collection): Resource {
  const table = resources.find((resource) => resource.collection === collection)
  if (table === undefined) throw new Error(`no table for ${collection}`)
  return table
}
