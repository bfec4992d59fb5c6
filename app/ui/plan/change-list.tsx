import type { ReactNode } from 'react'
import { daysText } from '#app/ui/kit/day-text.ts'
import { amountText, isNegative, quantityText } from '#app/ui/kit/money.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { explainReason } from '#lib/billing/explain.ts'
import { shortDay } from '#lib/billing/format.ts'
import type { AdditionPatch, Day } from '#lib/billing/types.ts'
import styles from './change-list.module.css'
import type { Addition, Change, ChangeOutcome } from './shown.ts'

export interface ListedChange {
  readonly change: Change
  readonly applied: ChangeOutcome | null
}

const Old = ({ children }: { children: ReactNode }) => <s className={styles['old']}>{children}</s>

function span(from: Day | null, to: Day | null): string {
  if (from === null) return to === null ? 'from the agreement’s start, open' : `until ${shortDay(to)}`
  return to === null ? `from ${shortDay(from)}, open` : daysText(from, to)
}

const since = ({ quantity, effectiveDate }: Addition): string =>
  `${quantityText(quantity)} since ${effectiveDate === null ? 'the agreement’s start' : shortDay(effectiveDate)}`

const startText = (day: Day | null): string => (day === null ? 'the agreement’s start' : shortDay(day))
/** `DoNotBill` -> `Do not bill` */
const billText = (value: string): string => {
  const words = value.replaceAll(/(?<!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words || 'empty'
}
const endText = (day: Day | null): string => (day === null ? 'open' : shortDay(day))

/** Each field that a change sets, as old -> new. */
function patchLines(before: Addition, set: AdditionPatch): { field: string; from: string; to: string }[] {
  const lines: { field: string; from: string; to: string }[] = []
  if (set.serialNumber !== undefined) {
    lines.push({ field: 'Serial Number', from: before.serialNumber || 'none', to: set.serialNumber })
  }
  if (set.quantity !== undefined) {
    lines.push({ field: 'Quantity', from: quantityText(before.quantity), to: quantityText(set.quantity) })
  }
  if (set.effectiveDate !== undefined) {
    lines.push({ field: 'begins', from: startText(before.effectiveDate), to: startText(set.effectiveDate) })
  }
  if (set.lessIncluded !== undefined) {
    const [from, to] = [quantityText(before.lessIncluded), quantityText(set.lessIncluded)]
    lines.push({ field: 'Less Included', from, to })
  }
  if (set.billCustomer !== undefined) {
    const [from, to] = [billText(before.billCustomer), billText(set.billCustomer)]
    lines.push({ field: 'Bill Customer', from, to })
  }
  if (set.cancelledDate !== undefined) {
    lines.push({ field: 'ends', from: endText(before.cancelledDate), to: endText(set.cancelledDate) })
  }
  if (set.unitCost !== undefined && before.unitCost !== undefined) {
    lines.push({ field: 'Unit Cost', from: amountText(before.unitCost), to: amountText(set.unitCost) })
  }
  if (set.unitPrice !== undefined) {
    lines.push({ field: 'Unit Price', from: amountText(before.unitPrice), to: amountText(set.unitPrice) })
  }
  return lines
}

/** `34.10`, and what it costs where that is asked for and known. */
function unitText(addition: Pick<Addition, 'unitPrice' | 'unitCost'>, showCost: boolean): string {
  const { unitPrice, unitCost } = addition
  const cost = showCost && unitCost !== undefined ? `, cost ${amountText(unitCost)}` : ''
  return `${amountText(unitPrice)}${cost}`
}

function describe(
  change: Change,
  showCost: boolean,
): { sign: string; tone: string | undefined; text: ReactNode } {
  switch (change.kind) {
    case 'create': {
      const { quantity, effectiveDate, cancelledDate } = change.addition
      const falls = isNegative(quantity)
      return {
        sign: falls ? '−' : '+',
        tone: falls ? styles['remove'] : styles['add'],
        text: (
          <>
            <b>{`${falls || cancelledDate === null ? '' : '+'}${quantityText(quantity)}`}</b>{' '}
            {span(effectiveDate, cancelledDate)}, at {unitText(change.addition, showCost)}
          </>
        ),
      }
    }
    case 'end':
      return {
        sign: '■',
        tone: styles['quiet'],
        text: (
          <>
            {since(change.before)}: ends <Old>{endText(change.before.cancelledDate)}</Old> →{' '}
            {shortDay(change.cancelledDate)}
          </>
        ),
      }
    case 'update':
      return {
        sign: '✎',
        tone: styles['quiet'],
        text: (
          <>
            {since(change.before)}:{' '}
            {patchLines(change.before, change.set).map(({ field, from, to }, index) => (
              <span key={field}>
                {index === 0 ? '' : ', '}
                {field} <Old>{from}</Old> → {to}
              </span>
            ))}
          </>
        ),
      }
    case 'delete':
      return {
        sign: '×',
        tone: styles['remove'],
        text: (
          <>
            <Old>{since(change.before)}</Old> → deleted
          </>
        ),
      }
    case 'createCatalogItem':
      return {
        sign: '+',
        tone: styles['add'],
        text: (
          <>
            product <b>{change.identifier}</b>, {change.description}, at {unitText(change, showCost)}
          </>
        ),
      }
    case 'keep':
      return {
        sign: '=',
        tone: styles['quiet'],
        text: `${since(change.addition)}, ${change.addition.cancelledDate === null ? 'open' : `ends ${shortDay(change.addition.cancelledDate)}`}`,
      }
  }
}

/** What a credit or adjustment is for, as its invoice description says; `null` of all else. */
function originOf(change: Change): string | null {
  const addition = 'addition' in change ? change.addition : 'before' in change ? change.before : null
  return addition?.serialNumber.startsWith('credit-') ? addition.invoiceDescription : null
}

const OUTCOMES: Partial<Record<ChangeOutcome['outcome'], string>> = {
  'not-sent': 'Not sent: something before it failed, or the sync was stopped.',
  unknown: 'ConnectWise gave no answer; the next sync looks at what it holds.',
  lost: 'ConnectWise gave no answer and does not hold it; it was planned again.',
}

interface ChangeListProps {
  readonly changes: readonly ListedChange[]
  readonly showCost?: boolean
}

/** Changes as old -> new, each with its reason, and what became of it where it did not simply succeed. */
export function ChangeList({ changes, showCost = false }: ChangeListProps) {
  return (
    <ul className={styles['list']}>
      {changes.map(({ change, applied }, index) => {
        const { sign, tone, text } = describe(change, showCost)
        const outcome = applied === null ? undefined : (applied.message ?? OUTCOMES[applied.outcome])
        return (
          // A plan's changes have no identity but their place: they are never reordered within one plan.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={index} className={styles['change']}>
            <span className={[styles['sign'], tone].filter(Boolean).join(' ')} aria-hidden>
              {sign}
            </span>
            <span>{text}</span>
            <span className={styles['why']}>{explainReason(change.reason)}</span>
            {originOf(change) === null ? null : <span className={styles['why']}>{originOf(change)}</span>}
            {outcome === undefined ? null : (
              <div className={styles['outcome']}>
                <Note tone={applied?.outcome === 'refused' ? 'bad' : 'warn'}>{outcome}</Note>
              </div>
            )}
          </li>
        )
      })}
    </ul>
  )
}
