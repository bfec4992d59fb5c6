'use client'
import Link from 'next/link'
import { useState } from 'react'
import type { ShownItem } from '#app/api/schemas/inbox.ts'
import { useAttempt } from '#app/hooks/use-attempt.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { heldCreditsSaid } from '#app/ui/plan/held-credits-text.ts'
import { ActDialog } from './act-dialog.tsx'
import { type Acting, doneText, isPlain, perform } from './acting.ts'
import styles from './inbox.module.css'
import { ItemDialog } from './item-dialog.tsx'
import { MuteDialog } from './mute-dialog.tsx'
import { PriceDialog } from './price-dialog.tsx'
import { Gate } from './typed.tsx'
import { buttonsOf, type ItemButton, labelOf, moneySaid, subjectOf, typedFor } from './words.ts'

interface ItemButtonsProps {
  readonly item: ShownItem
  readonly acting: Acting
}

/** What an answer about a line of an annual invoice writes. */
const writesOf = ({ asked }: ShownItem, { action }: ItemButton): string =>
  asked?.line
    ? action.id === 'carry-line'
      ? `The next sync writes: ${asked.line.writes.join('; ')}.`
      : 'Nothing is written of it, until that is taken back.'
    : ''
/** What using an invoice writes of its credits. */
const creditsSaid = ({ action }: ItemButton, { credits }: ShownItem, currency: string): string[] =>
  action.id === 'pick' && credits !== undefined ? heldCreditsSaid(credits, currency) : []
/** What a price rule can mend, for who may answer. */
const isPriced = ({ kind, of, actions }: ShownItem): boolean =>
  (kind === 'below-cost' || kind === 'below-margin') && of.tenant !== null && actions.length > 0

/** An item's answers, in place. */
export function ItemButtons({ item, acting }: ItemButtonsProps) {
  const { busy, problem, run } = useAttempt()
  const [open, setOpen] = useState<ItemButton | null>(null)
  const [isPassed, setPassed] = useState(false)
  const buttons = buttonsOf(item)
  const press = (button: ItemButton) => {
    if (!isPlain(button.action)) {
      setPassed(false)
      setOpen(button)
      return
    }
    void run(async () => {
      const { runId, follows } = await perform(acting, button.action, '')
      acting.onAnswered(doneText(button.text, follows), runId)
    })
  }
  const close = () => setOpen(null)
  const typing = item.isLarge && open?.action.decides === true ? typedFor({ ...item, customers: 1 }) : null
  const about = [
    subjectOf(item).join(', '),
    item.money === null ? '' : moneySaid(item.money, acting.currency),
  ]
  return (
    <div className={styles['buttons']}>
      {buttons.map((button, at) => (
        <Button
          key={`${button.action.id}/${button.text}`}
          aria-label={labelOf(button.text, item)}
          tone={at === 0 && button.action.decides ? 'primary' : undefined}
          disabled={busy}
          onClick={() => press(button)}
        >
          {button.text}
        </Button>
      ))}
      {acting.placeOf === null || !isPriced(item) ? null : (
        <Link
          href={`/programs/${item.program}/prices?for=${encodeURIComponent(item.of.tenant?.id ?? '')}`}
          aria-label={labelOf('Make a price rule', item)}
        >
          Make a price rule
        </Link>
      )}
      <ProblemNote problem={problem} />
      {open === null ? null : open.part === 'mute' ? (
        <MuteDialog action={open.action} item={item} acting={acting} onClose={close} />
      ) : open.part === 'act' ? (
        <ActDialog
          action={open.action}
          program={item.program}
          acting={acting}
          about={[
            about.filter(Boolean).join(': '),
            item.says,
            item.detail,
            writesOf(item, open),
            ...creditsSaid(open, item, acting.currency),
          ]}
          typing={typing}
          onClose={close}
        />
      ) : typing !== null && !isPassed ? (
        <Gate
          title={`${open.text}?`}
          about={`It is about ${about.filter(Boolean).join(': ')}.`}
          typing={typing}
          onPassed={() => setPassed(true)}
          onClose={close}
        />
      ) : open.part === 'price' ? (
        <PriceDialog action={open.action} item={item} acting={acting} onClose={close} />
      ) : (
        <ItemDialog part={open.part} item={item} acting={acting} onClose={close} />
      )}
    </div>
  )
}
