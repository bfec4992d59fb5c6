/** What stands on the inbox's rows and buttons. */
import type { ShownAction, ShownGroup, ShownItem } from '#app/api/schemas/inbox.ts'
import { amountText, isZero, moneyText } from '#app/ui/kit/money.ts'
import { addMonths, periodOf } from '#lib/billing/days.ts'
import { monthName } from '#lib/billing/format.ts'
import type { Day, Period } from '#lib/billing/types.ts'

const perText = { month: 'a month', once: '' } as const

/** `A$1,204.50 a month` */
export const moneySaid = (money: NonNullable<ShownItem['money']>, currency: string): string =>
  isZero(money.amount)
    ? 'No difference so far'
    : [moneyText(money.amount, currency), perText[money.per]].filter(Boolean).join(' ')

/** Of whom and what an item is, the widest first. */
export function subjectOf({ of }: ShownItem): string[] {
  const { tenant, company, agreement, subscription, invoiceId, person, named, additionId } = of
  const where = [company?.name, agreement?.name].filter(Boolean).join(', ')
  return [
    tenant?.name ??
      named ??
      person?.email ??
      (where === '' && invoiceId !== null ? `Invoice ${invoiceId}` : ''),
    where,
    subscription?.product ?? '',
    additionId === null ? '' : `addition ${additionId}`,
  ].filter((text) => text !== '' && text !== null)
}

export const monthsText = ({ months }: ShownItem): string =>
  months === null
    ? ''
    : months.from === months.to
      ? monthName(months.from)
      : `${monthName(months.from)} to ${monthName(months.to)}`

/** What a button does, for who hears it without what stands beside it. */
export const labelOf = (text: string, item: ShownItem): string =>
  [text, [...subjectOf(item), monthsText(item)].filter(Boolean).join(', ')].filter(Boolean).join(': ')

/** What is typed where much is decided: the amount, or how many customers it is. */
export function typedFor({ money, customers }: { money: ShownItem['money']; customers: number }): {
  readonly text: string
  readonly what: string
} {
  return money === null
    ? { text: String(customers), what: 'the number of customers' }
    : { text: amountText(money.amount), what: 'the amount' }
}

const bare = (text: string): string => text.replaceAll(/[^\d.]/g, '').replace(/^0+(?=\d)/, '')
export const isTyped = (typed: string, text: string): boolean => typed !== '' && bare(typed) === bare(text)

/** Months to choose a last one from: the one before this, to half a year on. */
export const monthsToEnd = (today: Day): Period[] =>
  Array.from({ length: 8 }, (_, at) => addMonths(periodOf(today), at - 1))

export type Part = 'addition' | 'invoice' | 'lines' | 'confirm' | 'skip' | 'mute' | 'price' | 'act'

export interface ItemButton {
  readonly part: Part
  readonly text: string
  readonly action: ShownAction
}

/** An item's buttons: several answers to one question are one button, whose dialog has them all. */
export function buttonsOf({ actions, asked }: ShownItem): ItemButton[] {
  const buttons: ItemButton[] = []
  const isOfLines = actions.some(({ id, choose }) => id === 'is-customers' && choose !== null)
  for (const action of actions) {
    const { id, text } = action
    if (id === 'is-subscription' && asked?.addition)
      buttons.push({ part: 'addition', text: 'Say what it is', action })
    else if (id === 'billed-before' && asked?.invoice)
      buttons.push({ part: 'invoice', text: 'Say what it bills', action })
    else if (isOfLines && id === 'is-customers') buttons.push({ part: 'lines', text, action })
    else if (id === 'confirm') buttons.push({ part: 'confirm', text, action })
    else if (id === 'bill-price') buttons.push({ part: 'price', text, action })
    else if (id === 'mute') buttons.push({ part: 'mute', text, action })
    else if (id === 'skip') buttons.push({ part: 'skip', text, action })
    else if (!isInDialog(id, asked, isOfLines)) buttons.push({ part: 'act', text, action })
  }
  return buttons
}

const isInDialog = (id: ShownAction['id'], asked: ShownItem['asked'], isOfLines: boolean): boolean =>
  (Boolean(asked?.addition) && ['is-nobodys', 'stays', 'ends'].includes(id)) ||
  (Boolean(asked?.invoice) && id === 'billed-after') ||
  (isOfLines && id === 'is-nobodys')

/** How the group stands out. */
export const toneOf = ({ isDecided, kind }: ShownGroup): 'bad' | 'warn' | 'quiet' => {
  if (isDecided) return 'quiet'
  return asking.includes(kind) ? 'warn' : 'bad'
}
const asking: readonly ShownGroup['kind'][] = [
  'invoice-held',
  'guard',
  'late',
  'billed',
  'first-sync',
  'annual-line',
  'annual-waits',
  'missed',
  'parked',
  'wants-in',
  'unknown-addition',
  'difference',
  'ignored',
]
