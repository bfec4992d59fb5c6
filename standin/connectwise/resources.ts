/**
 * One table per resource: its fields with required, longest lengths, allowed values and references
 * (docs/facts/connectwise.md, "Records" and docs/facts/host-api.md, "Installing"; lengths are the shorter
 * where versions differ).
 */
import { type Collection, type Field, reference, required, text } from './fields.ts'
import { additionFields } from './tables/addition-fields.ts'
import { agreementFields, agreementTypeFields } from './tables/agreement-fields.ts'
import {
  catalogFields,
  categoryFields,
  productTypeFields,
  subcategoryFields,
  unitOfMeasureFields,
} from './tables/catalog-fields.ts'
import {
  companyFields,
  companyStatusFields,
  companyTypeFields,
  contactFields,
} from './tables/company-fields.ts'
import {
  adjustmentFields,
  agreementRecapFields,
  billingCycleFields,
  currencyFields,
  glEntryFields,
  invoiceFields,
  taxCodeFields,
} from './tables/finance-fields.ts'
import {
  auditTrailFields,
  callbackFields,
  hostedSetupFields,
  memberFields,
  myMemberInfoFields,
  mySecurityFields,
} from './tables/system-fields.ts'

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
  /** Has a list and no single records. */
  readonly onlyList?: boolean
  /** Its records have neither `id` nor `_info`. */
  readonly bare?: boolean
  /** Answers to the list's path with its slash at the end alone (docs/facts/connectwise.md, "Forecast"). */
  readonly endsWithSlash?: boolean
  readonly fields: Readonly<Record<string, Field>>
}

/** Literal paths come before those with an id, so that `/finance/agreements/types` is not taken for an agreement. */
export const resources: readonly Resource[] = [
  {
    name: 'companyStatus',
    collection: 'companyStatuses',
    path: '/company/companies/statuses',
    fields: companyStatusFields,
  },
  {
    name: 'companyType',
    collection: 'companyTypes',
    path: '/company/companies/types',
    fields: companyTypeFields,
  },
  { name: 'company', collection: 'companies', path: '/company/companies', fields: companyFields },
  { name: 'contact', collection: 'contacts', path: '/company/contacts', fields: contactFields },
  {
    name: 'agreementType',
    collection: 'agreementTypes',
    path: '/finance/agreements/types',
    fields: agreementTypeFields,
  },
  {
    name: 'addition',
    collection: 'additions',
    path: '/finance/agreements/:parentId/additions',
    parent: { collection: 'agreements', field: 'agreementId', holds: 'id' },
    fields: additionFields,
  },
  {
    name: 'adjustment',
    collection: 'adjustments',
    path: '/finance/agreements/:parentId/adjustments',
    parent: { collection: 'agreements', field: 'agreementId', holds: 'id' },
    fields: adjustmentFields,
  },
  { name: 'agreement', collection: 'agreements', path: '/finance/agreements', fields: agreementFields },
  {
    name: 'agreementRecap',
    collection: 'agreementRecaps',
    path: '/finance/agreementrecap',
    readOnly: true,
    endsWithSlash: true,
    fields: agreementRecapFields,
  },
  {
    name: 'glEntry',
    collection: 'glEntries',
    path: '/finance/invoices/:parentId/glEntries',
    parent: { collection: 'invoices', field: 'invoiceId', holds: 'id' },
    readOnly: true,
    onlyList: true,
    endsWithSlash: true,
    fields: glEntryFields,
  },
  {
    name: 'invoice',
    collection: 'invoices',
    path: '/finance/invoices',
    readOnly: true,
    fields: invoiceFields,
  },
  {
    name: 'billingCycle',
    collection: 'billingCycles',
    path: '/finance/billingCycles',
    fields: billingCycleFields,
  },
  { name: 'taxCode', collection: 'taxCodes', path: '/finance/taxCodes', fields: taxCodeFields },
  { name: 'currency', collection: 'currencies', path: '/finance/currencies', fields: currencyFields },
  { name: 'catalogItem', collection: 'catalog', path: '/procurement/catalog', fields: catalogFields },
  {
    name: 'subCategory',
    collection: 'subcategories',
    path: '/procurement/categories/:parentId/subcategories',
    parent: { collection: 'categories', field: 'category', holds: 'reference' },
    fields: subcategoryFields,
  },
  { name: 'category', collection: 'categories', path: '/procurement/categories', fields: categoryFields },
  {
    name: 'subCategory',
    collection: 'subcategories',
    path: '/procurement/subcategories',
    fields: { ...subcategoryFields, category: reference('categories', 'name', required) },
  },
  { name: 'productType', collection: 'productTypes', path: '/procurement/types', fields: productTypeFields },
  {
    name: 'unitOfMeasure',
    collection: 'unitOfMeasures',
    path: '/procurement/unitOfMeasures',
    fields: unitOfMeasureFields,
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
  {
    name: 'mySecurity',
    collection: 'mySecurity',
    path: '/system/mySecurity',
    readOnly: true,
    onlyList: true,
    fields: mySecurityFields,
  },
  {
    name: 'auditTrailEntry',
    collection: 'auditTrail',
    path: '/system/audittrail',
    readOnly: true,
    onlyList: true,
    bare: true,
    fields: auditTrailFields,
  },
  { name: 'callbackEntry', collection: 'callbacks', path: '/system/callbacks', fields: callbackFields },
]

/** `/system/myMembers/info`: one member, as it sees itself. */
export const myMemberInfo: Resource = {
  name: 'member',
  collection: 'members',
  path: '/system/members',
  fields: myMemberInfoFields,
}

/** The table of a collection. */
export function tableOf(collection: Collection): Resource {
  const table = resources.find((resource) => resource.collection === collection)
  if (table === undefined) throw new Error(`no table for ${collection}`)
  return table
}
