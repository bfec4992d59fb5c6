/** Damage to PRISM's lists: tenants and their subscriptions, the price list, the invoices. */
import { changingJson, type Damage, type DamageKind, everywhere, held, lists, nowhere } from './damage.ts'
import { type Fields, oddDates, oddNumbers, oddTexts, pickOf, unset } from './odd-values.ts'
import {
  contradicting,
  inList,
  missing,
  oddField,
  type RecordDamage,
  replaced,
  twice,
} from './record-damage.ts'
import {
  agreementsOfSku,
  type Customer,
  creditNote,
  invoiceOfApril,
  invoiceOfMay,
  skus,
} from './small-partner.ts'

const isTenant =
  ({ tenantId }: Customer) =>
  (record: Fields) =>
    record.TenantId === tenantId

const tenantFields = {
  TenantId: oddTexts,
  TenantStatus: oddTexts,
  TenantDomain: oddTexts,
  CustomerId: oddNumbers,
  CustomerName: oddTexts,
  Subscriptions: oddTexts,
}

const tenantDamage = (words: string, { change }: RecordDamage, customer: Customer): Damage => ({
  words: `PRISM's tenant ${customer.name}: ${words}`,
  reach: { agreements: [customer.agreementId], skus: [] },
  heals: false,
  intercept: changingJson(lists.tenants, inList({ words, change })),
})

const oddTenant: DamageKind = (draws, { customers }) => {
  const customer = pickOf(draws, customers)
  const is = isTenant(customer)
  const other = {
    words: 'with another name and domain',
    set: { CustomerName: 'Somebody Else', TenantDomain: 'else.example' },
  }
  const damage = draws.pick([
    () => oddField(draws, tenantFields, is),
    () => oddField(draws, tenantFields, is),
    () => replaced(draws, is),
    () => twice(is),
    () => contradicting(draws, is, other),
    () => missing(is),
  ])()
  return tenantDamage(damage.words, damage, customer)
}

const subscriptionFields = {
  SubscriptionId: oddTexts,
  Status: oddTexts,
  ProductId: oddTexts,
  ProductName: oddTexts,
  Quantity: oddNumbers,
  DisplayTemplate: oddTexts,
  Unit: oddTexts,
  BillingCycle: oddTexts,
}

const oddSubscription: DamageKind = (draws, small) => {
  const { subscriptionId, tenantId } = pickOf(draws, small.histories)
  const customer = small.customers.find((each) => each.tenantId === tenantId)
  if (customer === undefined) throw new Error(`Nobody has ${subscriptionId}`)
  const is = (record: Fields) => record.SubscriptionId === subscriptionId
  const damage = draws.pick([
    () => oddField(draws, subscriptionFields, is),
    () => oddField(draws, subscriptionFields, is),
    () => replaced(draws, is),
    () => twice(is),
    () => missing(is),
  ])()
  const change = (records: readonly unknown[]) =>
    records.map((record) => {
      const each = record as Fields
      return isTenant(customer)(each)
        ? { ...each, Subscriptions: damage.change(each.Subscriptions as readonly unknown[]) }
        : each
    })
  return tenantDamage(`its subscription ${subscriptionId}: ${damage.words}`, { ...damage, change }, customer)
}

/** A subscription that PRISM lists under two tenants: a line's owner is in doubt. */
const sharedSubscription: DamageKind = (draws, small) => {
  const taken = pickOf(draws, small.histories)
  const owner = small.customers.find(({ tenantId }) => tenantId === taken.tenantId)
  const other = pickOf(
    draws,
    small.customers.filter((each) => each !== owner),
  )
  const change = (value: unknown) =>
    (value as readonly Fields[]).map((each, _, all) => {
      if (!isTenant(other)(each)) return each
      const taking = all
        .flatMap(({ Subscriptions }) => Subscriptions as readonly Fields[])
        .filter(({ SubscriptionId }) => SubscriptionId === taken.subscriptionId)
      return { ...each, Subscriptions: [...(each.Subscriptions as readonly Fields[]), ...taking] }
    })
  return {
    words: `PRISM's tenant ${other.name} also lists ${owner?.name}'s subscription ${taken.subscriptionId}`,
    reach: { agreements: [owner?.agreementId ?? 0, other.agreementId], skus: [] },
    heals: false,
    intercept: changingJson(lists.tenants, change),
  }
}

/** What only informs is unset: nothing changes for anyone. */
const unsetInformation: DamageKind = (draws, { customers }) => {
  const customer = pickOf(draws, customers)
  const fields = { TenantStatus: unset, CustomerId: unset }
  const damage = oddField(draws, fields, isTenant(customer))
  return { ...tenantDamage(damage.words, damage, customer), reach: nowhere }
}

const amount = oddNumbers.filter(({ words }) => words !== '1e308')
const productFields = {
  ProductId: oddTexts,
  ProductSku: oddTexts.filter(({ words }) => words !== '5,000 characters'),
  ProductName: oddTexts,
  UnitPrice: amount,
  RetailUnitPrice: amount,
}

const oddProduct: DamageKind = (draws, small) => {
  const sku = pickOf(draws, skus)
  const is = (record: Fields) => record.ProductSku === sku
  const other = { words: 'with another price', set: { UnitPrice: 77, RetailUnitPrice: 78 } }
  const damage = draws.pick([
    () => oddField(draws, productFields, is),
    () => oddField(draws, productFields, is),
    () => replaced(draws, is),
    () => twice(is),
    () => contradicting(draws, is, other),
    () => missing(is),
  ])()
  const change = (value: unknown) => {
    const { ProductGroups } = value as { readonly ProductGroups: readonly Fields[] }
    const groups = ProductGroups.map((group) => ({
      ...group,
      Products: damage.change(group.Products as readonly unknown[]),
    }))
    return { ProductGroups: groups }
  }
  return {
    words: `PRISM's price list, product ${sku}: ${damage.words}`,
    reach: {
      agreements: agreementsOfSku(small, sku),
      skus: [sku],
      // The first of two rows counts, with a note: how PRISM lists a product that has several terms is not known.
      otherSkus: damage.words.includes(other.words) ? [sku] : [],
    },
    heals: false,
    intercept: changingJson(lists.priceList, change),
  }
}

/** An empty or odd group beside the good one. */
const oddGroup: DamageKind = (draws) => {
  const [words, group] = pickOf(draws, [
    ['null', null],
    ['a group without products', {}],
    ['a group with null for products', { Products: null }],
    ['an empty group', { Products: [] }],
    ['a number', 7],
  ] as const)
  const isFirst = draws.chance(50)
  return {
    words: `PRISM's price list has ${words} among its groups`,
    reach: nowhere,
    heals: false,
    intercept: changingJson(lists.priceList, (value) => {
      const { ProductGroups } = value as { readonly ProductGroups: readonly unknown[] }
      return { ProductGroups: isFirst ? [group, ...ProductGroups] : [...ProductGroups, group] }
    }),
  }
}

const isInvoice = (id: string) => (record: Fields) => String(record.InvoiceId) === id
const invoiceDamage = (id: string, damage: RecordDamage, rest: Pick<Damage, 'reach' | 'heals'>): Damage => ({
  words: `PRISM's invoice ${id} in the list: ${damage.words}`,
  ...rest,
  intercept: changingJson(lists.invoices, inList(damage)),
})

/** Values that coerce to a month or a year that could be meant are none of these. */
const month = oddNumbers.filter(({ words }) => words !== 'true')

const oddMay: DamageKind = (draws) => {
  const is = isInvoice(invoiceOfMay)
  const fields = {
    InvoiceId: oddTexts.filter(({ words }) => words !== 'true'),
    ProgramName: oddTexts.filter(({ words }) => words !== '5,000 characters'),
    UsageYear: month,
    UsageMonth: month,
    BillingPeriodStart: oddDates,
  }
  const damage = draws.pick([
    () => oddField(draws, fields, is),
    () => replaced(draws, is),
    () => contradicting(draws, is, { words: 'for another month', set: { UsageMonth: 3 } }),
    () => missing(is),
  ])()
  return invoiceDamage(invoiceOfMay, damage, { reach: everywhere, heals: false })
}

/** May's invoice is nowhere in doubt. */
const harmlessMay: DamageKind = (draws) => {
  const is = isInvoice(invoiceOfMay)
  const [words, set] = pickOf(draws, [
    ['its month is a text', { UsageMonth: '05', UsageYear: '2026' }],
    ['its id is a text', { InvoiceId: invoiceOfMay }],
    ['its billing period is null', { BillingPeriodStart: null }],
  ] as const)
  const change = (records: readonly unknown[]) =>
    records.map((each) => (is(each as Fields) ? { ...(each as Fields), ...set } : each))
  const damage = draws.pick([() => ({ words, change }), () => twice(is)])()
  return invoiceDamage(invoiceOfMay, damage, { reach: nowhere, heals: false })
}

/** An older invoice that was loaded stays as it is, and one of another program concerns nobody. */
const oddOther: DamageKind = (draws) => {
  const fields = { UsageYear: month, UsageMonth: month, BillingPeriodStart: oddDates, ProgramName: unset }
  const id = draws.pick([invoiceOfApril, creditNote])
  const is = isInvoice(id)
  const damage = draws.pick([
    () => oddField(draws, fields, is),
    () => replaced(draws, is),
    () => twice(is),
    () => missing(is),
  ])()
  return invoiceDamage(id, damage, { reach: nowhere, heals: false })
}

const notListedYet: DamageKind = () =>
  invoiceDamage(invoiceOfMay, missing(isInvoice(invoiceOfMay)), { reach: held, heals: true })

export const prismDamages: readonly (readonly [weight: number, kind: DamageKind])[] = [
  [4, oddTenant],
  [4, oddSubscription],
  [1, sharedSubscription],
  [1, unsetInformation],
  [4, oddProduct],
  [1, oddGroup],
  [3, oddMay],
  [1, harmlessMay],
  [2, oddOther],
  [1, notListedYet],
]
