/** Price rules in words. Free of libraries, so that a pod can use it. */
import { unitPriceText } from './format.ts'
import type { RuleTerms, WrittenRule } from './types.ts'

/** `cost plus 12.5 %`. */
export const ruleText = (terms: RuleTerms): string => {
  switch (terms.kind) {
    case 'cost-plus':
      return `cost plus ${terms.percent} %`
    case 'fixed':
      return `${unitPriceText(terms.unitPrice)} a unit`
    case 'keep':
      return 'the price that ConnectWise has'
  }
}

const scopeTexts: Readonly<Record<WrittenRule['scope'], string>> = {
  'customer-product': 'for this customer and product',
  customer: 'for this customer',
  product: 'for this product',
  program: 'for the whole program',
}

/** `for this customer`. */
export const scopeText = (scope: WrittenRule['scope']): string => scopeTexts[scope]
