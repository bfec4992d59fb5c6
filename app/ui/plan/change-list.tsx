import type { ReactNode } from 'react'
import { amountText, isNegative, quantityText } from '#app/ui/kit/money.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { explainReason } from '#lib/billing/explain.ts'
import { shortDay } from '#lib/billing/format.ts'
import styles from './change-list.module.css'
import { endText, patchLines, since, span } from './change-words.ts'
import type { Addition, Change, ChangeOutcome } from './shown.ts'

export interface ListedChange {
  readonly change: Change
  readonly applied: ChangeOutcome | null
}

const Old = ({ children }: { children: ReactNode }) => <s className={styles['old']}>{children}</s>

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
