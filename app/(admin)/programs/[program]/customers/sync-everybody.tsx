'use client'
import { useState } from 'react'
import { Button } from '#app/ui/kit/button.tsx'
import { SyncDialog } from './sync-dialog.tsx'

/** Syncs all customers whose Sync is on, once somebody has said yes. @param count how many these are */
export function SyncEverybody({ program, count }: { program: string; count: number }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button whyNot={count === 0 ? 'No customer has Sync on.' : null} onClick={() => setOpen(true)}>
        Sync everybody
      </Button>
      {isOpen ? (
        <SyncDialog program={program} chosen={null} everybody={count} onClose={() => setOpen(false)} />
      ) : null}
    </>
  )
}
