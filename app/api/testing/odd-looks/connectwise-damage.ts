/** Damage to ConnectWise's lists: additions, agreements, catalog items, set-up tables. */
import { changingJson, type DamageKind, lists } from './damage.ts'
import { type Fields, oddDates, oddFlags, oddNumbers, oddTexts, pickOf, unset } from './odd-values.ts'
import { contradicting, type OddFields, oddField, replaced, twice } from './record-damage.ts'
import { agreementIds, agreementsOfSku, newSku, skus } from './small-partner.ts'

const additionFields: OddFields = {
  id: oddNumbers,
  product: oddNumbers,
  quantity: oddNumbers,
  // None included is what it says where it is not set.
  lessIncluded: oddNumbers.filter((odd) => !unset.includes(odd)),
  unitCost: oddNumbers,
  unitPrice: oddNumbers,
  effectiveDate: oddDates,
  cancelledDate: oddDates,
  serialNumber: oddTexts,
  billCustomer: oddTexts,
  taxableFlag: oddFlags,
  invoiceDescription: oddTexts,
}

/** The first addition of the list that carries a serial number is the odd one. */
const oddAddition: DamageKind = (draws) => {
  const agreementId = pickOf(draws, agreementIds)
  const is = (record: Fields) => Boolean(record.serialNumber)
  const damage = draws.pick([
    () => oddField(draws, additionFields, is),
    () => oddField(draws, additionFields, is),
    () => oddField(draws, additionFields, is),
    () => replaced(draws, is),
    () => twice(is),
    () => contradicting(draws, is, { words: 'with another quantity', set: { quantity: 77 } }),
  ])()
  return {
    words: `ConnectWise's additions of agreement ${agreementId}: ${damage.words}`,
    reach: { agreements: [agreementId], skus: [] },
    heals: false,
    intercept: changingJson(lists.additionsOf(agreementId), (rows) =>
      damage.change(rows as readonly unknown[]),
    ),
  }
}

const agreementFields: OddFields = {
  id: oddNumbers,
  name: oddTexts,
  type: oddTexts,
  company: oddTexts,
  startDate: oddDates,
  endDate: oddDates,
  nextInvoiceDate: oddDates,
  billStartDate: oddDates,
  agreementStatus: oddTexts,
  cancelledFlag: oddTexts.filter(({ words }) => words !== 'true'),
  prorateFlag: oddTexts,
  invoicingCycle: oddTexts,
  periodType: oddTexts,
  billingCycle: oddTexts,
  currency: oddTexts,
}

const oddAgreement: DamageKind = (draws) => {
  const agreementId = pickOf(draws, agreementIds)
  const is = (record: Fields) => record.id === agreementId
  const damage = draws.pick([
    () => oddField(draws, agreementFields, is),
    () => oddField(draws, agreementFields, is),
    () => oddField(draws, agreementFields, is),
    () => replaced(draws, is),
  ])()
  const change = (value: unknown) => (Array.isArray(value) ? damage.change(value) : damage.change([value])[0])
  return {
    words: `ConnectWise's agreement ${agreementId}: ${damage.words}`,
    reach: { agreements: [agreementId], skus: [] },
    heals: false,
    intercept: changingJson(lists.agreements, change),
  }
}

const catalogFields: OddFields = {
  id: oddNumbers,
  identifier: oddTexts,
  description: oddTexts,
  // An item without a Vendor SKU, or with another, is another item: a second one is created for the product.
  vendorSku: oddTexts.filter((odd) =>
    /^(an object|a list|true|ending in half a character|5,000 characters)$/.test(odd.words),
  ),
  inactiveFlag: oddTexts,
  taxableFlag: oddFlags,
  cost: oddNumbers,
  price: oddNumbers,
}

const oddCatalogItem: DamageKind = (draws, small) => {
  const sku = pickOf(
    draws,
    skus.filter((each) => each !== newSku && each !== 'F'),
  )
  const is = (record: Fields) => record.vendorSku === sku
  const damage = draws.pick([
    () => oddField(draws, catalogFields, is),
    () => oddField(draws, catalogFields, is),
    () => twice(is),
  ])()
  // An item of which nobody knows the product may be that of the new one, which is then made by the agreement that needs it.
  const meant = damage.words.startsWith('vendorSku') ? [sku, newSku] : [sku]
  return {
    words: `ConnectWise's catalog item of ${sku}: ${damage.words}`,
    reach: { agreements: meant.flatMap((each) => agreementsOfSku(small, each)), skus: meant },
    heals: false,
    intercept: changingJson(lists.catalog, (rows) => damage.change(rows as readonly unknown[])),
  }
}

/** The new product's item may not be created; nobody else needs these tables. */
const oddSetUp: DamageKind = (draws, small) => {
  const is = () => true
  const fields = {
    id: oddNumbers,
    name: oddTexts,
    inactiveFlag: oddTexts.filter(({ words }) => words !== 'true'),
  }
  const damage = draws.pick([() => oddField(draws, fields, is), () => replaced(draws, is), () => twice(is)])()
  return {
    words: `ConnectWise's set-up tables: ${damage.words}`,
    reach: { agreements: agreementsOfSku(small, newSku), skus: [newSku] },
    heals: false,
    intercept: changingJson(lists.setUp, (rows) => (Array.isArray(rows) ? damage.change(rows) : rows)),
  }
}

export const connectWiseDamages: readonly (readonly [weight: number, kind: DamageKind])[] = [
  [8, oddAddition],
  [6, oddAgreement],
  [4, oddCatalogItem],
  [2, oddSetUp],
]
