'use client'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import type { Fit } from '#app/api/schemas/mappings.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import styles from './customers.module.css'

const SwitchDialog = dynamic(() => import('./switch-dialog.tsx').then(({ SwitchDialog }) => SwitchDialog))
const SyncDialog = dynamic(() => import('./sync-dialog.tsx').then(({ SyncDialog }) => SyncDialog))
const QuestionsDialog = dynamic(() =>
  import('./questions-dialog.tsx').then(({ QuestionsDialog }) => QuestionsDialog),
)
const PreviewsDialog = dynamic(() =>
  import('./previews-dialog.tsx').then(({ PreviewsDialog }) => PreviewsDialog),
)

interface SelectionBarProps {
  readonly program: string
  readonly chosen: readonly Customer[]
  readonly currency: string
  readonly may: { readonly map: boolean; readonly sync: boolean }
  /** All that fit the search and the state are chosen, also those of other pages; `null`: only `chosen`. */
  readonly fit: Fit | null
  /** How many fit, where that is more than the page has and all of the page are chosen. */
  readonly fitting: number | null
  readonly onFit: () => void
  readonly onNone: () => void
}

type Open = 'on' | 'off' | 'sync' | 'preview' | 'questions'

const some = (count: number): string => count.toLocaleString('en-GB')

/** What can be done with the customers that are chosen; each says what it would do before it does it. */
export function SelectionBar(props: SelectionBarProps) {
  const { program, chosen, currency, may, fit, fitting, onFit, onNone } = props
  const [open, setOpen] = useState<Open | null>(null)
  const [previewed, setPreviewed] = useState<readonly Customer[]>([])
  const { busy, problem, run } = useAction({ refreshes: false })
  const close = () => setOpen(null)
  const mapped = chosen.filter(isMapped)
  const syncing = mapped.filter(({ mapping }) => mapping?.syncEnabled)
  const why = fit === null && mapped.length === 0 ? 'None of them is mapped.' : null
  const whyNoSync = fit === null && syncing.length === 0 ? 'None of them has Sync on.' : null
  const read = (what: 'preview' | 'questions') =>
    run(async () => {
      setPreviewed(fit === null ? mapped : await firstThatFit(program, fit))
      setOpen(what)
    })
  return (
    <section className={styles['bar']} aria-label="Chosen customers">
      <b role="status">{chosenText(chosen.length, fit)}</b>
      {fit === null && fitting !== null ? (
        <Button tone="plain" onClick={onFit}>{`Choose all ${some(fitting)} that fit`}</Button>
      ) : null}
      {may.map ? (
        <>
          <Button whyNot={why} isWhySaid onClick={() => setOpen('on')}>
            Sync on
          </Button>
          <Button whyNot={why} isWhySaid onClick={() => setOpen('off')}>
            Sync off
          </Button>
        </>
      ) : null}
      {may.sync ? (
        <Button whyNot={whyNoSync} isWhySaid onClick={() => setOpen('sync')}>
          Sync now
        </Button>
      ) : null}
      <Button disabled={busy} whyNot={why} isWhySaid onClick={() => void read('preview')}>
        Preview
      </Button>
      {may.map ? (
        <Button disabled={busy} whyNot={why} isWhySaid onClick={() => void read('questions')}>
          Questions
        </Button>
      ) : null}
      <Button tone="plain" onClick={onNone}>
        Choose none
      </Button>
      {why === null && whyNoSync === null ? null : <small>{why ?? whyNoSync}</small>}
      <ProblemNote problem={problem} />
      {open === 'on' || open === 'off' ? (
        <SwitchDialog
          program={program}
          chosen={chosen}
          fit={fit}
          syncEnabled={open === 'on'}
          onClose={close}
          onSaved={() => {
            close()
            onNone()
          }}
        />
      ) : null}
      {open === 'sync' ? <SyncDialog program={program} chosen={chosen} fit={fit} onClose={close} /> : null}
      {open === 'preview' ? (
        <PreviewsDialog
          program={program}
          chosen={previewed}
          currency={currency}
          may={may.sync}
          onClose={close}
        />
      ) : null}
      {open === 'questions' ? <QuestionsDialog program={program} chosen={previewed} onClose={close} /> : null}
    </section>
  )
}

const isMapped = ({ mapping }: Customer): boolean => mapping !== null

function chosenText(count: number, fit: Fit | null): string {
  if (fit !== null) return `All ${some(fit.count)} customers that fit chosen`
  return count === 1 ? '1 customer chosen' : `${some(count)} customers chosen`
}

/** Previews and questions are shown of a page of them at most. */
async function firstThatFit(program: string, { search, state }: Fit): Promise<Customer[]> {
  const query = { search, state }
  const { customers } = await callApi('GET /api/programs/{program}/customers', { path: { program }, query })
  return customers.filter(isMapped)
}
