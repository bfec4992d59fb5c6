/** What stands on the pages of price rules. */
import type { ShownRule, ShownRulePreview } from '#app/api/schemas/price-rules.ts'
import { moneyText } from '#app/ui/kit/money.ts'
import { monthName } from '#lib/billing/format.ts'
import type { Period, RuleTerms } from '#lib/billing/types.ts'

export const kindChoices: Readonly<Record<RuleTerms['kind'], string>> = {
  'cost-plus': 'Cost plus a percentage',
  fixed: 'A fixed price',
  keep: 'Keep the price that ConnectWise has',
}

/** `Cost plus 12.5 %`. */
export const termsText = (terms: RuleTerms, currency: string): string => {
  switch (terms.kind) {
    case 'cost-plus':
      return `Cost plus ${terms.percent} %`
    case 'fixed':
      return `${moneyText(terms.unitPrice, currency)} a unit`
    case 'keep':
      return 'The price that ConnectWise has'
  }
}

/** From when on, as a cell. */
export const fromText = (from: Period | null): string =>
  from === null ? 'Each new quantity' : `From ${monthName(from)}`

/** For what a rule is: `Coho Winery, Business Premium`. */
export const placeText = ({ customer, product }: Pick<ShownRule, 'customer' | 'product'>): string =>
  customer === null && product === null
    ? 'Everything of the program'
    : [customer?.name ?? 'All customers', product?.name ?? 'all products'].join(', ')

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

/** What a change of the rules does, the money first. */
export function previewText(preview: ShownRulePreview, isRemoval: boolean): string[] {
  const { subscriptions, customers, now, changed, atRule, creates, currency } = preview
  const money = (value: string) => moneyText(value, currency)
  if (subscriptions === 0)
    return [
      preview.period === null
        ? 'No invoice is there yet, so nothing changes so far.'
        : 'It changes no subscription that syncs now.',
    ]
  const of = `It is about ${counted(subscriptions, 'subscription')} of ${counted(customers, 'customer')}.`
  const month =
    now === changed ? `Next month stays at ${money(now)}.` : `Next month: ${money(now)} → ${money(changed)}.`
  const writes =
    creates === 0
      ? 'The next sync writes nothing for it.'
      : `The next sync writes ${counted(creates, 'addition')} and ends ${preview.ends}.`
  const later =
    now === changed
      ? [
          `${isRemoval ? 'Without the rule' : 'At its price'} today’s quantities would be ${money(atRule)} a month: new quantities are written so.`,
        ]
      : []
  const waits =
    preview.later === 0
      ? []
      : [
          `Of ${counted(preview.later, 'subscription')} it takes hold a month later, as what runs on begins only then.`,
        ]
  return [of, month, writes, ...waits, ...later]
}
