'use client'
import { useState } from 'react'
import type { ShownOpenLines } from '#app/api/schemas/invoices.ts'
import { callApi } from '#app/hooks/api.ts'
import { useApi } from '#app/hooks/use-api.ts'
import type { Attempt } from '#app/hooks/use-attempt.ts'
import { useSettled } from '#app/hooks/use-settled.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Field } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import styles from './owner-dialog.module.css'

const SHOWN = 8

interface OwnerDialogProps {
  readonly invoiceId: string
  readonly program: string
  readonly lines: Pick<ShownOpenLines, 'subscriptionId' | 'offerName' | 'customerName' | 'search'>
  readonly action: Attempt
  readonly onClose: () => void
}

/** Whose lines are that are no customer’s (F1). Its other months follow; whoever it is of is synced by the next look. */
export function OwnerDialog({ invoiceId, program, lines, action, onClose }: OwnerDialogProps) {
  const { busy, problem, run } = action
  const [search, setSearch] = useState(lines.search)
  const [owner, setOwner] = useState<string | null>()
  const settled = useSettled(search)
  const { data, error } = useApi(
    'GET /api/programs/{program}/customers',
    { path: { program }, query: { search: settled } },
    { keepPreviousData: true },
  )
  const save = async () => {
    if (owner === undefined) return
    const path = { id: invoiceId, subscriptionId: lines.subscriptionId }
    const given = { path, query: { program }, body: { tenantId: owner } }
    if (await run(() => callApi('PUT /api/invoices/{id}/lines/{subscriptionId}/owner', given))) onClose()
  }
  return (
    <Dialog
      title={`Whose is ${lines.offerName} of ${lines.customerName || 'nobody named'}?`}
      onClose={onClose}
    >
      <form onSubmit={(event) => event.preventDefault()}>
        <Field
          label="Search customers"
          name="owner-search"
          type="search"
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
        <fieldset className={styles['choices']}>
          <legend>Customer</legend>
          {data?.customers.slice(0, SHOWN).map(({ tenantId, name, domain }) => (
            <label key={tenantId}>
              <input
                type="radio"
                name="owner"
                checked={owner === tenantId}
                onChange={() => setOwner(tenantId)}
              />{' '}
              {name} <small>{domain}</small>
            </label>
          ))}
          {data?.customers.length === 0 ? <p>No customer matches “{settled}”. Try a shorter name.</p> : null}
          {(data?.total ?? 0) > SHOWN ? <p>There are more: type more of the name.</p> : null}
          <label>
            <input type="radio" name="owner" checked={owner === null} onChange={() => setOwner(null)} />{' '}
            Nobody’s: no customer is billed for it
          </label>
        </fieldset>
        <p>Its lines of other months follow.</p>
        <ProblemNote problem={problem ?? error?.problem ?? null} />
        <DialogActions>
          <Button disabled={busy} onClick={onClose}>
            Cancel
          </Button>
          <Button
            tone="primary"
            disabled={busy}
            whyNot={owner === undefined ? 'Choose a customer, or nobody.' : null}
            onClick={() => void save()}
          >
            {owner === null ? 'Save as nobody’s' : 'Save whose they are'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
