/** A line of an invoice beside its usage, as a test or a person asks for it: a credit, or a charge for other days. */
import { json, ReplyError } from '../http/reply.ts'
import { isDay } from './calendar.ts'
import { monthlyTerm, stateOn } from './history.ts'
import type { AdjustedLine, PartnerBook } from './partner-book.ts'

/**
 * `subscriptionId` tells whose it is and what it is for; without one `customerName`, `domain` and `offerName` do. What a negative line
 * looks like in a file of PRISM's is not known: quantity -1 with positive prices is assumed (docs/facts/prism.md, "Invoice CSV").
 */
export function adjustedLine(book: PartnerBook, asked: Readonly<Record<string, unknown>>): AdjustedLine {
  const text = (name: string): string => {
    const value = asked[name] ?? ''
    return typeof value === 'string' ? value : refuse(`${name} is a text.`)
  }
  const day = (name: string): string =>
    isDay(asked[name]) ? asked[name] : refuse(`${name} is a day (YYYY-MM-DD).`)
  const amount = (name: string): string =>
    /^-?\d+(\.\d+)?$/.test(text(name)) ? text(name) : refuse(`${name} is an amount, such as "-41.20".`)
  const subscriptionId = text('subscriptionId')
  const holding = subscriptionId === '' ? undefined : book.subscription(subscriptionId)
  const first = day('first')
  const state = holding === undefined ? null : stateOn(holding.history, first)
  const product = book.partner.products.find(({ productId }) => productId === state?.productId)
  const [subTotal, subTotalRrp] = [amount('subTotal'), amount('subTotalRrp')]
  const isBack = subTotalRrp.startsWith('-') || subTotal.startsWith('-')
  const unit = (value: string): string => (value.startsWith('-') ? value.slice(1) : value)
  return {
    customer: {
      name: text('customerName') || (holding?.tenant.name ?? ''),
      domain: text('domain') || (holding?.tenant.domain ?? ''),
    },
    line: {
      subscriptionId,
      tenantId: holding?.tenant.tenantId ?? '',
      offerName: text('offerName') || (product === undefined ? '' : `${product.name} (NCE Product)`),
      description: text('description') || 'Adjustment',
      first,
      last: day('last'),
      unitPrice: unit(subTotal),
      unitPriceRrp: unit(subTotalRrp),
      quantity: isBack ? '-1' : '1',
      billableRatio: '1',
      subTotal,
      subTotalRrp,
      term: monthlyTerm,
    },
  }
}

function refuse(message: string): never {
  throw new ReplyError(json({ message }, 400))
}
