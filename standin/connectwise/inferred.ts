/**
 * Every rule of this stand-in that no source states, in one place, so that a live ConnectWise can correct it.
 * What a source does state is coded where it belongs and cites the facts.
 *
 * Left as lenient as it is simple, for want of any source: a cancelled date before the effective date and a negative
 * quantity are taken, and an addition that was invoiced can be deleted (its invoice lines stay).
 */
import Big from 'big.js'
import type { Area } from './areas.ts'
import { addDays } from './days.ts'
import type { Collection } from './fields.ts'
import type { Change, Row } from './records.ts'

/** An agreement's fields that the rules below read. Days are `YYYY-MM-DD`. */
export interface AgreementDates {
  readonly startDate: string | null
  readonly endDate: string | null
  readonly noEndingDateFlag: boolean
  readonly cancelledFlag: boolean
  readonly dateCancelled: string | null
}

/** [inferred] `periodType` says whether an invoice is for the period to come (in advance) or the one that went by. */
export function billsInAdvance(agreement: { readonly periodType: string }): boolean {
  return agreement.periodType === 'Future'
}

/** [inferred] `nextInvoiceDate` is the first day of the first period that is not invoiced, in advance and in arrears. */
export function nextInvoiceDateAfter(period: { readonly dayAfter: string }): string {
  return period.dayAfter
}

/** [inferred] Money is rounded half away from zero. */
export function roundMoney(amount: Big): Big {
  return amount.round(2, Big.roundHalfUp)
}

/**
 * [inferred] How many months a billing cycle's period has. A unit price is for the whole period, whatever its length, and an
 * addition that starts inside is prorated to the period's days. Cycles of weeks are not known well enough to be invoiced.
 */
export const monthsOfCycle: Readonly<Record<string, number>> = {
  Monthly: 1,
  BiMonthly: 2,
  Quarterly: 3,
  SemiAnnual: 6,
  Yearly: 12,
}

/**
 * [inferred] Cycles that do not recur, One-Time and None (docs/facts/connectwise.md, "One-Time agreements"): an invoice can be made
 * on any day, and has what was not invoiced before.
 */
export const cyclesOfOnce: readonly string[] = ['NotRecurring']

/** [inferred] An addition of such an agreement is billed once its first day has come, unless it is cancelled before that. */
export function isBilledOnceBy(
  addition: { readonly effective: string; readonly cancelled: string | null },
  today: string,
): boolean {
  const { effective, cancelled } = addition
  return effective <= today && (cancelled === null || cancelled >= effective)
}

/** [inferred] Its next invoice date is the day after its last invoice. */
export function nextInvoiceDateOfOnce(invoicedOn: string): string {
  return addDays(invoicedOn, 1)
}

/** [inferred] Rounding is per unit, and a whole period is not prorated at all, so its unit price keeps its decimals. */
export function proratedUnit(
  unit: Big,
  days: number,
  daysInPeriod: number,
  { roundsUnits }: Pick<Unknowns, 'roundsUnits'> = unknowns,
): Big {
  if (days === daysInPeriod) return unit
  const exact = unit.times(days).div(daysInPeriod)
  return roundsUnits ? roundMoney(exact) : exact
}

/** [inferred] The cancelled date is the last billed day; an addition cancelled before it starts bills nothing. */
export function isActiveIn(
  addition: { readonly effective: string; readonly cancelled: string | null },
  period: { readonly first: string; readonly last: string },
  { countsLastDay }: Pick<Unknowns, 'countsLastDay'> = unknowns,
): boolean {
  const { effective } = addition
  const cancelled =
    addition.cancelled === null || countsLastDay ? addition.cancelled : addDays(addition.cancelled, -1)
  if (cancelled !== null && (cancelled < effective || cancelled < period.first)) return false
  return effective <= period.last
}

/** [inferred] With prorate off, a period that was invoiced is closed: no catch-up (follows from the error message). */
export function catchesUp(
  agreement: { readonly prorateFlag: boolean },
  switched: Pick<Unknowns, 'catchesUp'> = unknowns,
): boolean {
  return agreement.prorateFlag && switched.catchesUp
}

/** [inferred] `NoCharge` prints a line of nothing, cost included; `DoNotBill` prints none. */
export const noChargeFactor = 0

/** [inferred] Total quantity, of which Ext Price is made, is what is billed. */
export function billedQuantity(
  quantity: Big,
  lessIncluded: Big,
  { takesOffIncluded }: Pick<Unknowns, 'takesOffIncluded'> = unknowns,
): Big {
  return takesOffIncluded ? quantity.minus(lessIncluded) : quantity
}

/** [inferred] What an addition without a quantity has. */
export const defaultQuantity = 1

/** [inferred] The agreement's own status by date. */
export function agreementStatus(agreement: AgreementDates, today: string): string {
  if (agreement.cancelledFlag && (agreement.dateCancelled ?? today) <= today) return 'Cancelled'
  if (!agreement.noEndingDateFlag && agreement.endDate !== null && agreement.endDate < today) return 'Expired'
  if (agreement.startDate !== null && agreement.startDate > today) return 'Inactive'
  return 'Active'
}

/** [inferred] An addition's `agreementStatus` is the addition's, despite its name. */
export function additionStatus(
  addition: { readonly effective: string | null; readonly cancelled: string | null },
  agreement: AgreementDates,
  today: string,
): string {
  if (addition.cancelled !== null && addition.cancelled < today) return 'Cancelled'
  const ofAgreement = agreementStatus(agreement, today)
  if (ofAgreement !== 'Active') return ofAgreement
  return addition.effective !== null && addition.effective > today ? 'Inactive' : 'Active'
}

/** [inferred] Comparisons ignore case, as SQL Server's usual collation does. */
export const ignoresCase = true

/** [inferred] A comparison with a field that has no value holds only for `= null`, as in SQL; neither does its negation. */
export const missingNeverMatches = true

/** [inferred] A PATCH path in another case, or unknown, is refused. */
export const invalidPatchCode = 'InvalidPatch'

/** [inferred] Only a new or changed effective date is held against invoiced periods, else none could ever be ended there. */
export function datesAnew(before: string | null | undefined, effective: string): boolean {
  return before !== effective
}

/** [inferred] Code of an addition's refusals (their messages are seen). */
export const additionRefusalCode = 'InvalidField'

/** [inferred] Text of a 404. */
export const notFoundMessage = (what: string): string => `${what} not found`

/** [inferred] A catalog item cannot name another category than its sub-category's; the message follows a seen one. */
export const foreignSubcategory = (subcategory: number, category: number): string =>
  `Subcategory ${subcategory} not found for Category ${category}`

/** [inferred] Two catalog items cannot share an identifier; companies cannot, and their message is seen. */
export const catalogIdentifierTaken = 'Product ID already in use.'

/** [inferred] Answer to a missing or unknown `clientId`; sources disagree between 401 and 403. */
export const missingClientId = {
  status: 401,
  code: 'Unauthorized',
  message: 'A valid clientId header is required.',
}

/** [inferred] Conditions nested deeper than this are refused. */
export const deepestConditions = 100

/** [inferred] The entry in the list of errors of a body that is no JSON, or not the JSON of an object. */
export const unreadableBody = { code: 'InvalidObject', message: 'The body is not valid JSON.' }

/**
 * [inferred] Code and status of a date with fractional seconds; the text is seen (docs/facts/connectwise.md,
 * "Verbs and PATCH").
 */
export const unsupportedDate = { code: 'InvalidField', message: 'Unsupported format' }

/** [inferred] Answer to `conditions` on an array. */
export const arrayCondition = (field: string): string =>
  `'${field}' is an array: it is asked for by childConditions, a custom field by customFieldConditions.`

/** [unknown] Whether a quote can be escaped inside a string of conditions: here it can, by a backslash. */
export const escapedQuotes = true

/**
 * Value of `api-current-version`, which every answer of the API carries (docs/facts/connectwise.md,
 * "Authentication"); [inferred] its form.
 */
export const apiVersion = '2025.1'

/**
 * [inferred] System info needs no keys (docs/facts/connectwise.md, "Base URL and company info"), but refuses
 * wrong ones.
 */
export const infoChecksKeys = true

/** [inferred] Answer to a number that is no id of the records it points to. */
export const missingId = (field: string, id: number): string => `${field} ${id} not found`

/** [inferred] Text of the refusal, which is seen. */
export const orderedForwardOnly = 'orderBy is not supported with forward-only pagination.'

/** [inferred] Status of "SSL is required." (code and text are seen). */
export const uiHostStatus = 403

/** [inferred] Text of the 401 (its code is seen). */
export const badKeysMessage = 'The company, public key or private key is not valid.'

/**
 * [inferred] The permissions that a resource asks for, all of them; the areas' names are seen
 * (docs/facts/connectwise.md, "Authentication").
 */
export const areasOf: Readonly<Record<Collection, readonly Area[]>> = {
  companies: ['Companies/Company Maintenance'],
  companyStatuses: ['System/Table Setup/Company Status'],
  companyTypes: ['System/Table Setup/Company Type'],
  contacts: ['Companies/Contacts'],
  agreements: ['Finance/Agreements'],
  agreementTypes: ['System/Table Setup/Agreement Type'],
  additions: ['Finance/Agreements', 'Procurement/Products'],
  billingCycles: ['System/Table Setup/Billing Cycle'],
  catalog: ['Procurement/Product Catalog'],
  categories: ['System/Table Setup/Category'],
  subcategories: ['System/Table Setup/Subcategories'],
  productTypes: ['System/Table Setup/Product Type'],
  unitOfMeasures: ['System/Table Setup/UOM'],
  hostedSetups: ['General/Manage Hosted API'],
  hostedScreens: ['General/Manage Hosted API'],
  members: ['System/Member Maintenance'],
  callbacks: ['System/Callbacks'],
  taxCodes: ['System/Table Setup/Tax Code'],
  currencies: ['System/Table Setup/Currency'],
  adjustments: ['Finance/Agreements'],
  invoices: ['Finance/Invoicing'],
  glEntries: ['Finance/Invoicing'],
  agreementRecaps: ['Finance/Agreements'],
  mySecurity: [],
  auditTrail: ['System/Audit Trail'],
}

/** What no source states and two readings of a real one could be told apart by; `PUT /control/unknowns` switches. */
export interface Unknowns {
  /** [unknown] Additions are lines of an invoice's products and GL entries; else only part of its total. */
  readonly additionsAsLines: boolean
  /** [unknown] The forecast's amounts hold the prorated catch-up of invoiced periods. */
  readonly forecastHasCatchUp: boolean
  /** [inferred] The header counts additions as products, and what the agreement bills by itself apart; else all as the agreement's. */
  readonly splitsHeader: boolean
  /** [inferred] A prorated unit price is rounded to cents before it is multiplied. */
  readonly roundsUnits: boolean
  /** [inferred] The effective date is a billed day. */
  readonly countsFirstDay: boolean
  /** [inferred] The cancelled date is a billed day. */
  readonly countsLastDay: boolean
  /** [inferred] An end inside a period does not shorten it. */
  readonly endsWhole: boolean
  /** [inferred] A negative quantity takes off. */
  readonly billsNegative: boolean
  /** [inferred] Included quantity is taken off. */
  readonly takesOffIncluded: boolean
  /** [inferred] What an invoiced period lacks comes with the next invoice. */
  readonly catchesUp: boolean
  /** [unknown] Pods can be hosted on the Agreement screen; else it is not among the hosted screens. */
  readonly hostsAgreements: boolean
}
export const unknowns: Unknowns = {
  additionsAsLines: true,
  forecastHasCatchUp: true,
  splitsHeader: true,
  roundsUnits: true,
  countsFirstDay: true,
  countsLastDay: true,
  endsWhole: true,
  billsNegative: true,
  takesOffIncluded: true,
  catchesUp: true,
  hostsAgreements: true,
}

/** [inferred] Where an invoice's header counts the agreement's own amount and its additions. */
export function headerAmounts(
  own: Big,
  additions: Big,
  { splitsHeader }: Pick<Unknowns, 'splitsHeader'> = unknowns,
) {
  const total = own.plus(additions)
  if (!splitsHeader) return { agreementAmount: total, productTotal: new Big(0), subtotal: total }
  return { agreementAmount: own, productTotal: additions, subtotal: own.plus(additions) }
}

/** [inferred] State of an invoice that was made and not sent. */
export const newInvoiceStatus = { id: 1, name: 'New' }

/** [inferred] Type of an invoice's GL entries: revenue of products, and of the agreement itself. */
export const glTypes = { product: 'RP', agreement: 'RA' }

/** [inferred] `cycleBase` of the recurring parameters by the agreement's `invoicingCycle`. */
export const cycleBases: Readonly<Record<string, { readonly id: number; readonly name: string }>> = {
  CalendarYear: { id: 1, name: 'Calendar Year' },
  ContractYear: { id: 2, name: 'Contract Year' },
}

/** [inferred] A period counts as unbilled from the day its invoice could be made: its first day in advance, else the day after it. */
export function isDue(
  period: { readonly first: string; readonly dayAfter: string },
  inAdvance: boolean,
  today: string,
): boolean {
  return (inAdvance ? period.first : period.dayAfter) <= today
}

/**
 * [inferred] Code of a control on the audit trail's parameters; the message about the id is seen
 * (docs/facts/connectwise.md, "Errors").
 */
export const auditTypeMissing = 'type is required.'

/** [unknown] What an entry of the audit trail says. */
export const auditTexts = {
  added: (id: number): string => `Record ${id} was created.`,
  updated: (id: number): string => `Record ${id} was saved.`,
  deleted: (id: number): string => `Record ${id} was deleted.`,
  field: (name: string, before: unknown, after: unknown): string =>
    `${name} was changed from ${JSON.stringify(before ?? null)} to ${JSON.stringify(after ?? null)}.`,
}
export const auditSubTypes: Readonly<Record<Change['action'], string>> = {
  added: 'Added',
  updated: 'Updated',
  deleted: 'Deleted',
}
export const auditSource = 'API'

/** [inferred] How `/system/mySecurity` splits an area: module, function, and the item of a function limited item by item. */
export function securityParts(area: Area): { module: string; functionName: string; item: string | null } {
  const [module = '', functionName = '', item = null] = area.split('/')
  return { module, functionName, item }
}

/** [inferred] A callback entry's `type` by what changed; a changed addition is a changed agreement. */
export const callbackTypes: Readonly<Partial<Record<Collection, string>>> = {
  companies: 'Company',
  contacts: 'Contact',
  agreements: 'Agreement',
  additions: 'Agreement',
  catalog: 'ProductCatalog',
  members: 'Member',
}

/** [inferred] Whatever happens to an addition is an update of its agreement. */
export function callbackOf({ collection, action, row }: Change): {
  readonly collection: Collection
  readonly action: Change['action']
  readonly recordId: number
} {
  if (collection === 'additions')
    return { collection: 'agreements', action: 'updated', recordId: Number(row.agreementId) }
  return { collection, action, recordId: row.id }
}

/** [inferred] Two entries match when all of these are equal; message and field are seen. */
export const callbackIdentity = ['url', 'objectId', 'type', 'level'] as const

/** [inferred] `isSelfSuppressedFlag` keeps back what was changed with the API keys themselves; all entries are of one key. */
export function suppressesItself(entry: Row, change: Change): boolean {
  return entry.isSelfSuppressedFlag === true && change.by !== 'system'
}
