import {
  computed,
  date,
  flag,
  integer,
  list,
  number,
  object,
  oneOf,
  reference,
  required,
  text,
} from '../fields.ts'
import {
  applicationCycles,
  applicationUnits,
  billableOrNoDefault,
  compLimits,
  compRates,
  each,
  type Fields,
  invoicingCycles,
  statuses,
} from './values.ts'

const onUpdate = (standard: string) => ({ standard, requiredOnUpdate: true })

/** What an agreement covers and what its staff are paid: kept, and without a meaning here. */
const coverage: Fields = {
  applicationUnits: oneOf(applicationUnits),
  applicationLimit: number(),
  applicationCycle: oneOf(applicationCycles),
  ...each('applicationUnlimitedFlag oneTimeFlag carryOverUnused allowOverruns expireWhenZero', flag()),
  ...each(
    'coverAgreementTime coverAgreementProduct coverAgreementExpense coverSalesTax chargeToFirm',
    flag(),
  ),
  ...each('expiredDays limit', integer()),
  employeeCompRate: oneOf(compRates, onUpdate('Actual')),
  employeeCompNotExceed: oneOf(compLimits),
  ...each('compHourlyRate compLimitAmount', number()),
  ...each('workRole workType projectType sla', object()),
}

const people: Fields = {
  company: reference('companies', 'identifier', required),
  contact: reference('contacts', 'name', required),
  ...each('site billToSite location department companyLocation opportunity', object()),
  ...each('subContractCompany billToCompany', reference('companies', 'identifier')),
  ...each('subContractContact billToContact', reference('contacts', 'name')),
  ...each('restrictLocationFlag restrictDepartmentFlag', flag()),
}

const billing: Fields = {
  billingCycle: reference('billingCycles', 'name'),
  billStartDate: date(),
  nextInvoiceDate: date(),
  ...each('prorateFlag invoiceProratedAdditionsFlag billOneTimeFlag autoInvoiceFlag', flag()),
  prorateFirstBill: number(),
  invoicingCycle: oneOf(invoicingCycles, onUpdate('CalendarYear')),
  periodType: oneOf(['Current', 'Future', 'Both', 'Undefined'], { standard: 'Current' }),
  billAmount: number(),
  taxable: flag(),
  currency: reference('currencies', 'name'),
  ...each('taxCode billingTerms invoiceTemplate', object()),
  ...each('billProducts billTime billExpenses', oneOf(billableOrNoDefault, onUpdate('Billable'))),
  ...each('billableTimeInvoice billableExpenseInvoice billableProductInvoice', flag()),
  ...each('restrictDownPayment topComment bottomComment', flag()),
  invoiceDescription: text(),
}

export const agreementFields: Fields = {
  name: text(100, required),
  type: reference('agreementTypes', 'name', required),
  parentAgreement: reference('agreements', 'name'),
  customerPO: text(50),
  workOrder: text(20),
  internalNotes: text(),
  startDate: date(),
  endDate: date(),
  ...each('noEndingDateFlag cancelledFlag', flag()),
  dateCancelled: date(),
  reasonCancelled: text(100),
  agreementStatus: oneOf(statuses, computed),
  ...people,
  ...billing,
  ...coverage,
  customFields: list(),
}

export const agreementTypeFields: Fields = {
  name: text(50, required),
  prefixSuffixOption: oneOf(['Prefix', 'Suffix']),
  invoicePreSuffix: text(5),
  ...each('defaultFlag inactiveFlag prePaymentFlag restrictLocationFlag restrictDepartmentFlag', flag()),
  ...each('location department sla workRole workType projectType', object()),
  ...each('billingTerms invoiceTemplate emailTemplate', object()),
  applicationUnits: oneOf(applicationUnits, { standard: 'Hours' }),
  applicationLimit: number(),
  applicationCycle: oneOf(applicationCycles),
  ...each(
    'applicationUnlimitedFlag oneTimeFlag carryOverUnusedFlag allowOverrunsFlag expireWhenZero',
    flag(),
  ),
  ...each('coverAgreementTimeFlag coverAgreementProductFlag coverAgreementExpenseFlag', flag()),
  ...each('coverSalesTaxFlag chargeToFirmFlag billOneTimeFlag taxableFlag restrictDownPaymentFlag', flag()),
  ...each('topCommentFlag bottomCommentFlag copyWorkRolesFlag copyWorkTypesFlag', flag()),
  ...each('billableTimeInvoiceFlag billableExpenseInvoiceFlag billableProductInvoiceFlag', flag()),
  ...each('prorateFlag invoiceProratedAdditionsFlag autoInvoiceFlag', flag()),
  ...each('expiredDays limit', integer()),
  ...each('compHourlyRate compLimitAmount billAmount', number()),
  employeeCompRate: oneOf(compRates, { ...required, standard: 'Actual' }),
  employeeCompNotExceed: oneOf(compLimits, { ...required, standard: 'Billing' }),
  billingCycle: reference('billingCycles', 'name'),
  invoicingCycle: oneOf(invoicingCycles, { ...required, standard: 'CalendarYear' }),
  ...each(
    'billTime billExpenses billProducts',
    oneOf(billableOrNoDefault, { ...required, standard: 'NoDefault' }),
  ),
  invoiceDescription: text(4000),
  ...each('exclusionWorkRoleIds exclusionWorkTypeIds', list()),
  ...each('addAllWorkRoleExclusions removeAllWorkRoleExclusions', flag()),
  ...each('addAllWorkTypeExclusions removeAllWorkTypeExclusions', flag()),
  integrationXRef: text(50),
}
