/** What can be said of the prices of additions (F6, J3, J11). */
import { finding } from './finding.ts'
import { unitPriceText } from './format.ts'
import { ruleText, scopeText } from './rule-text.ts'
import type { Finding, Money, WrittenRule } from './types.ts'

/** What a price is compared with: PRISM's own, or what a price rule makes of it (J11). */
export const ofPrism = {
  due: (price: string) => `PRISM's retail price is ${price}`,
  replacing: (price: string) => `PRISM's price of ${price}`,
  detail: 'Prices written are those of the PRISM invoice; no price rule holds for it.',
}
export const ofRule: typeof ofPrism = {
  due: (price) => `by its price rule it would be ${price} now`,
  replacing: (price) => `the price rule's ${price}`,
  detail: 'A price rule holds for it.',
}

const nameOf = (additionId: number): string => (additionId > 0 ? `Addition ${additionId}` : 'A new addition')
const idsOf = (additionId: number): number[] => (additionId > 0 ? [additionId] : [])

/** F6: shown, not raised. */
export const priceDiffers = (additionId: number, held: Money, due: Money, texts = ofPrism): Finding =>
  finding(
    'price-differs',
    'note',
    `Addition ${additionId} bills ${unitPriceText(held)} a unit, ${texts.due(unitPriceText(due))}`,
    'The price of an existing addition is not changed.',
    'Change the Unit Price of the addition in ConnectWise if the customer should pay the new one.',
    [additionId],
  )

/** J3: it loses money each month, also where PRISM's own retail price does. */
export const priceBelowCost = (additionId: number, held: Money, cost: Money): Finding =>
  finding(
    'price-below-cost',
    'warning',
    `${nameOf(additionId)} bills ${unitPriceText(held)} a unit and costs ${unitPriceText(cost)}`,
    'The customer pays less than rhipe charges. The price of an existing addition is not changed by itself.',
    'Change the Unit Price of the addition in ConnectWise, or mute it where that is meant.',
    idsOf(additionId),
  )

/** J11: the margin guard. */
export const priceBelowMargin = (additionId: number, held: Money, cost: Money, percent: string): Finding =>
  finding(
    'price-below-margin',
    'warning',
    `${nameOf(additionId)} bills ${unitPriceText(held)} a unit, which leaves less than the margin of ${percent} %`,
    `The program's options ask for that margin (cost ${unitPriceText(cost)}). The price of an existing addition is not changed by itself.`,
    'Make a price rule, change the Unit Price of the addition in ConnectWise, or mute it where that is meant.',
    idsOf(additionId),
  )

/** J11: shown. */
export const priceByRule = (rule: WrittenRule, set: Money, prism: Money): Finding =>
  finding(
    'price-by-rule',
    'note',
    `Written at ${unitPriceText(set)} a unit by a price rule ${scopeText(rule.scope)}: ${ruleText(rule.terms)}`,
    `PRISM's retail price was ${unitPriceText(prism)}.`,
    'Nothing to do. The rules are under Prices.',
  )

/** F6: the quantity changed, or its price is made to hold, so the addition is replaced. */
export const priceReplaced = (additionId: number, held: Money, due: Money, texts = ofPrism): Finding =>
  finding(
    'price-replaced',
    'warning',
    `Addition ${additionId} at ${unitPriceText(held)} a unit is replaced by one at ${texts.replacing(unitPriceText(due))}`,
    texts.detail,
    'Set the Unit Price of the new addition in ConnectWise, or make a price rule, if the customer has a price of their own.',
    [additionId],
  )
