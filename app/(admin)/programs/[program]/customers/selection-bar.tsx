'use client'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import { Button } from '#app/ui/kit/button.tsx'
import styles from './customers.module.css'

const SwitchDialog = dynamic(() => import('./switch-dialog.tsx').then(({ SwitchDialog }) => SwitchDialog))
const SyncDialog = dynamic(() => import('./sync-dialog.tsx').then(({ SyncDialog }) => SyncDialog))
const PreviewsDialog = dynamic(() =>
  import('./previews-dialog.tsx').then(({ PreviewsDialog }) => PreviewsDialog),
)

interface SelectionBarProps {
  readonly program: string
  readonly chosen: readonly Customer[]
  readonly currency: string
  readonly may: { readonly map: boolean; readonly sync: boolean }
  readonly onNone: () => void
}

/** What can be done with the customers that are chosen; each says what it would do before it does it. */
export function SelectionBar({ program, chosen, currency, may, onNone }: SelectionBarProps) {
  const [open, setOpen] = useState<'on' | 'off' | 'sync' | 'preview' | null>(null)
  const close = () => setOpen(null)
  const mapped = chosen.filter(({ mapping }) => mapping !== null)
  const syncing = mapped.filter(({ mapping }) => mapping?.syncEnabled)
  const why = mapped.length === 0 ? 'None of them is mapped.' : null
  const whyNoSync = syncing.length === 0 ? 'None of them has Sync on.' : null
  return (
    <section className={styles['bar']} aria-label="Chosen customers">
      <b role="status">{chosen.length === 1 ? '1 customer chosen' : `${chosen.length} customers chosen`}</b>
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
      <Button whyNot={why} isWhySaid onClick={() => setOpen('preview')}>
        Preview
      </Button>
      <Button tone="plain" onClick={onNone}>
        Choose none
      </Button>
      {why === null && whyNoSync === null ? null : <small>{why ?? whyNoSync}</small>}
      {open === 'on' || open === 'off' ? (
        <SwitchDialog
          program={program}
          chosen={chosen}
          syncEnabled={open === 'on'}
          onClose={close}
          onSaved={() => {
            close()
            onNone()
          }}
        />
      ) : null}
      {open === 'sync' ? <SyncDialog program={program} chosen={chosen} onClose={close} /> : null}
      {open === 'preview' ? (
        <PreviewsDialog program={program} chosen={mapped} currency={currency} onClose={close} />
      ) : null}
    </section>
  )
}
