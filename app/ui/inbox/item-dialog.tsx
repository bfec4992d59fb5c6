'use client'
import useSWR from 'swr'
import type { ShownItem } from '#app/api/schemas/inbox.ts'
import type { Refused } from '#app/hooks/api.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { type Attempt, useAttempt } from '#app/hooks/use-attempt.ts'
import { Dialog } from '#app/ui/kit/dialog.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { AdditionDialog } from '#app/ui/plan/addition-dialog.tsx'
import type { Answering } from '#app/ui/plan/answering.tsx'
import type { AskedRow } from '#app/ui/plan/asked-row.ts'
import { BilledDialog } from '#app/ui/plan/billed-answer.tsx'
import { OwnerDialog } from '#app/ui/plan/owner-dialog.tsx'
import { ConfirmDialog, SkipDialog } from '#app/ui/plan/waiting-dialogs.tsx'
import { followsText } from '#lib/billing/sync-follows.ts'
import type { Acting } from './acting.ts'
import type { Part } from './words.ts'

interface ItemDialogProps {
  readonly part: Exclude<Part, 'act' | 'mute' | 'price'>
  readonly item: ShownItem
  readonly acting: Acting
  readonly onClose: () => void
}

const READ = 'GET /api/programs/{program}/agreements/{agreementId}/answers'

/** The dialogs in which the same is answered beside a plan. */
export function ItemDialog({ part, item, acting, onClose }: ItemDialogProps) {
  const saying = useSaying(acting)
  if (part === 'lines')
    return (
      <OwnerDialog
        invoiceId={item.of.invoiceId ?? ''}
        program={item.program}
        lines={{
          subscriptionId: item.of.subscription?.id ?? '',
          offerName: item.of.subscription?.product ?? '',
          customerName: item.of.named ?? '',
          search: item.of.named ?? '',
        }}
        action={saying}
        onClose={onClose}
      />
    )
  return <OfAgreement part={part} item={item} acting={acting} onClose={onClose} />
}

/** An attempt after which the list is read again. */
function useSaying({ onAnswered }: Acting): Attempt {
  const attempt = useAttempt()
  return {
    ...attempt,
    async run(work) {
      const isDone = await attempt.run(work)
      if (isDone) onAnswered(said.lines, null)
      return isDone
    },
  }
}

function OfAgreement({ part, item, acting, onClose }: ItemDialogProps) {
  const { call, currency, onAnswered } = acting
  const agreementId = item.of.agreement?.id ?? 0
  const { data, error } = useApi(
    READ,
    part === 'confirm' ? null : { path: { program: item.program, agreementId } },
    { call, revalidateOnFocus: false },
  )
  if (item.asked === null) return null
  const answering: Answering = {
    program: item.program,
    agreementId,
    runId: item.asked.runId,
    currency,
    may: true,
    maySkip: true,
    isWholeProgram: false,
    call,
    onSync: null,
    onStarted: (runId) => onAnswered(said.confirm, runId),
    given: data,
    // Each dialog reads again what was said before it closes: that is where the list hears of it.
    async refresh() {
      if (part !== 'confirm')
        onAnswered([said[part], data && followsText[data.follows]].filter(Boolean).join(' '), null)
    },
  }
  if (part === 'addition') {
    if (data === undefined || item.asked.addition === null)
      return (
        <Dialog title="What is it?" onClose={onClose}>
          {error === undefined ? <p>Reading the agreement…</p> : <ProblemNote problem={error.problem} />}
        </Dialog>
      )
    const period = item.months?.to
    if (period === undefined) return null
    return (
      <AdditionDialog answering={answering} asked={item.asked.addition} period={period} onClose={onClose} />
    )
  }
  if (part === 'invoice')
    return item.asked.invoice === null ? null : (
      <BilledDialog answering={answering} asked={item.asked.invoice} said="before" onClose={onClose} />
    )
  return part === 'skip' ? (
    <SkipDialog answering={answering} row={rowIn(item)} onClose={onClose} />
  ) : (
    <Confirm answering={answering} item={item} acting={acting} onClose={onClose} />
  )
}

const said = {
  addition: 'Noted.',
  invoice: 'Noted.',
  lines: 'Noted. Whoever it concerns is synced within minutes, where its Sync is on.',
  confirm: 'Confirmed.',
  skip: 'Skipped.',
} as const

/** The row as far as the inbox knows it. */
function rowIn({ months, of, asked }: ShownItem): AskedRow {
  return {
    period: months?.from ?? ('' as AskedRow['period']),
    tenantId: of.tenant?.id ?? '',
    subscriptionId: of.subscription?.id ?? '',
    product: of.subscription?.product ?? '',
    invoiced: { price: asked?.invoiced ?? '0' } as AskedRow['invoiced'],
    waits: undefined,
    skippedAt: null,
  }
}

interface ConfirmProps extends Pick<ItemDialogProps, 'item' | 'acting' | 'onClose'> {
  readonly answering: Answering
}

/** What it sends is read first. */
function Confirm({ answering, item, acting, onClose }: ConfirmProps) {
  const { rowOf } = acting
  const { data: row, error } = useSWR<AskedRow | null, Refused>(
    ['row', item.key, answering.runId],
    () => rowOf(item),
    { revalidateOnFocus: false, dedupingInterval: 0, shouldRetryOnError: false },
  )
  if (row && answering.runId !== null)
    return <ConfirmDialog answering={answering} row={row} runId={answering.runId} onClose={onClose} />
  return (
    <Dialog title="Confirm?" onClose={onClose}>
      {row === null ? <p>Something else was synced since. Look at it again.</p> : null}
      {row === undefined && error === undefined ? <p>Reading what it sends…</p> : null}
      <ProblemNote problem={error?.problem ?? null} />
    </Dialog>
  )
}
