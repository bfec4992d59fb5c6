/** A month's plan as text, ids and times aside, so that two can be compared by eye. */
import { subscriptionKey } from '../keys.ts'
import type { Addition, Amount, Change, PeriodPlan, Reconciliation, SubscriptionPlan } from '../types.ts'

const pair = ({ cost, price }: Amount): string => `${cost}/${price}`
const brief = (id: string): string => (id === '' ? 'none' : subscriptionKey(id).slice(0, 8))

/** The title and all lines below it. */
export const planText = (title: string, planned: PeriodPlan): string =>
  [
    title,
    ...planned.catalogItems.map(
      ({ identifier, unitCost, unitPrice }) => `  item ${identifier} at ${unitCost}/${unitPrice}`,
    ),
    ...planned.subscriptions.flatMap(rowText),
    ...planned.ignored.map(
      ({ reason, subscriptionId, first, last, amount }) =>
        `  ignored ${reason} ${brief(subscriptionId)} ${first}..${last} ${pair(amount)}`,
    ),
    ...planned.findings.map(({ severity, code }) => `  ${severity} ${code}`),
    `  total ${moneyText(planned.totals)}`,
  ].join('\n')

const rowText = (row: SubscriptionPlan): string[] => [
  `  ${row.kind} ${brief(row.subscriptionId)} “${row.product.name}” ${row.status}: ${quantities(row)}`,
  ...row.changes.map((change) => `    ${changeText(change)}`),
  ...(row.waits === undefined
    ? []
    : [
        `    waits ${row.waits.question}`,
        ...row.waits.changes.map((change) => `      ${changeText(change)}`),
      ]),
  ...row.findings.map(({ severity, code, message }) => `    ${severity} ${code}: ${message}`),
  `    ${moneyText(row.reconciliation)}`,
]

const quantities = ({ quantityBefore, steps }: SubscriptionPlan): string =>
  [quantityBefore, ...steps.map(({ first, quantity }) => `${quantity} from ${first.slice(8)}`)].join(', ')

const moneyText = ({ invoiced, billed, terms = {}, ...fixed }: Reconciliation): string =>
  [
    `invoiced ${pair(invoiced)}`,
    `billed ${pair(billed)}`,
    ...Object.entries({ ...fixed, ...terms })
      .filter(([, { cost, price }]) => cost !== '0' || price !== '0')
      .map(([term, value]) => `${term} ${pair(value)}`),
  ].join(', ')

type Billed = Pick<Addition, 'serialNumber' | 'quantity' | 'unitCost' | 'unitPrice' | 'cancelledDate'> & {
  readonly effectiveDate: string | null
}
const additionText = (each: Billed): string =>
  `${each.quantity} of ${brief(each.serialNumber)} at ${each.unitCost}/${each.unitPrice}, ${each.effectiveDate ?? 'start'}..${each.cancelledDate ?? 'open'}`

const changeText = (change: Change): string => {
  switch (change.kind) {
    case 'createCatalogItem':
      return `item ${change.identifier}`
    case 'create':
      return `create ${additionText(change.addition)} (${change.reason.rule})${lotsText(change.lots)}`
    case 'keep':
      return `keep ${additionText(change.addition)} (${change.reason.rule})`
    case 'end':
      return `end ${additionText(change.before)} on ${change.cancelledDate} (${change.reason.rule})`
    case 'update':
      return `update ${additionText(change.before)} to ${JSON.stringify(change.set)} (${change.reason.rule})`
    case 'delete':
      return `delete ${additionText(change.before)} (${change.reason.rule})`
  }
}

/** Only where PRISM's price is another than the one that is set. */
const lotsText = (lots: readonly { readonly prism: Amount; readonly set: Amount }[]): string =>
  lots
    .filter(({ prism, set }) => prism.price !== set.price || prism.cost !== set.cost)
    .map(({ prism }) => `, PRISM ${pair(prism)}`)
    .join('')
