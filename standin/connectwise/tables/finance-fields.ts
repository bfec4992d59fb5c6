import { date, flag, integer, list, number, object, oneOf, reference, required, text } from '../fields.ts'
import { each, type Fields, statuses } from './values.ts'

export const billingCycleFields: Fields = {
  identifier: text(5, required),
  name: text(50, required),
  defaultFlag: flag(),
  billingOptions: oneOf(
    ['BiMonthly', 'BiWeekly', 'Monthly', 'NotRecurring', 'Quarterly', 'SemiAnnual', 'Weekly', 'Yearly'],
    required,
  ),
}

const taxLevels = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'].map((level): Fields => {
  const fields = (names: string) => names.replaceAll(/\S+/g, (name) => `level${level}${name}`)
  return {
    ...each(fields('Rate TaxableMax ApplySingleUnitMin ApplySingleUnitMax'), number()),
    ...each(fields('RateType'), oneOf(['Amount', 'Percent'])),
    ...each(fields('Caption'), text(25)),
    ...each(fields('TaxCodeXref'), text(50)),
    ...each(fields('AgencyXref'), text(100)),
    ...each(fields('ServicesFlag ExpensesFlag ProductsFlag ApplySingleUnitFlag'), flag()),
  }
})

export const taxCodeFields: Fields = {
  identifier: text(8, required),
  description: text(50, required),
  invoiceCaption: text(25, required),
  country: object(),
  effectiveDate: date(required),
  cancelDate: date(),
  ...each('defaultFlag displayOnInvoiceFlag canadaCalculateGSTFlag', flag()),
  ...Object.assign({}, ...taxLevels),
  ...each('workRoleIds expenseTypeIds productTypeIds', list()),
  ...each('addAllWorkRoles removeAllWorkRoles addAllExpenseTypes removeAllExpenseTypes', flag()),
  ...each('addAllProductTypes removeAllProductTypes', flag()),
}

/** S25 has them below `/finance/currencies`; 2022.1 only refers to them. */
export const currencyFields: Fields = {
  name: text(50, required),
  ...each('symbol currencyCode currencyIdentifier decimalSeparator thousandsSeparator', text()),
  numberOfDecimals: integer({ standard: 2 }),
  ...each('negativeParenthesesFlag displaySymbolFlag displayIdFlag rightAlign', flag()),
}

export const adjustmentFields: Fields = {
  amount: number(),
  description: text(1000),
  effectiveDate: date(),
  agreementId: integer({ computed: true }),
  customFields: list(),
}

export const invoiceFields: Fields = {
  invoiceNumber: text(15),
  type: oneOf(['Agreement', 'CreditMemo', 'DownPayment', 'Miscellaneous', 'Progress', 'Standard']),
  status: object(),
  ...each('company billToCompany shipToCompany', reference('companies', 'identifier')),
  agreement: reference('agreements', 'name'),
  applyToType: oneOf(['All', 'Agreement', 'Project', 'ProjectPhase', 'SalesOrder', 'Ticket']),
  applyToId: integer(),
  ...each('date dueDate', date()),
  ...each('agreementAmount productTotal serviceTotal expenseTotal subtotal total salesTax', number()),
  ...each('previousProgressApplied serviceAdjustmentAmount downpaymentApplied', number()),
  ...each('remainingDownpayment payments credits balance', number()),
  ...each('taxableFlag specialInvoiceFlag restrictDownpaymentFlag addToBatchEmailList', flag()),
  ...each('downpaymentPreviouslyTaxedFlag overrideDownPaymentAmountFlag', flag()),
  currency: reference('currencies', 'name'),
  ...each('taxCode billingTerms billingSite shippingSite invoiceTemplate', object()),
  ...each('billingSetupReference ticket project phase salesOrder', object()),
  ...each('attention shipToAttention', text(60)),
  ...each('reference customerPO', text(50)),
  ...each('accountNumber internalNotes', text()),
  ...each('topComment bottomComment adjustmentReason adjustedBy', text()),
  ...each('billingSiteAddressLine1 billingSiteAddressLine2 billingSiteCity', text()),
  ...each('billingSiteState billingSiteZip billingSiteCountry', text()),
  ...each('shippingSiteAddressLine1 shippingSiteAddressLine2 shippingSiteCity', text()),
  ...each('shippingSiteState shippingSiteZip shippingSiteCountry', text()),
  ...each('templateSetupId emailTemplateId locationId departmentId territoryId', integer()),
  customFields: list(),
}

/** `/finance/agreementrecap/`: amounts and dates as the published models type them, some as text. */
export const agreementRecapFields: Fields = {
  ...each('name companyName isUnlimited nextInvoiceDate', text()),
  ...each('lastInvoiceAmount lastInvoiceDate lastInvoiceNumber', text()),
  agreementStatus: oneOf(statuses),
  ...each('nextInvoiceAmount adjustmentAmount availableAmount overrunAmount', number()),
  ...each('remainingAmount startingAmount unbilledOverageAmount usedAmount', number()),
  unbilledPeriods: integer(),
}

/** `/finance/invoices/{id}/glEntries/`. */
export const glEntryFields: Fields = {
  ...each('type description productId salesCode inventory cogs1', text()),
  ...each('amount cost', number()),
  isBatched: flag(),
}
