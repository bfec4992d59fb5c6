'use client'
import { useState } from 'react'
import type { ShownInvoice, ShownOpenLines } from '#app/api/schemas/invoices.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { useSettled } from '#app/hooks/use-settled.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Field } from '#app/ui/kit/form.tsx'
import { moneyText } from '#app/ui/kit/money.ts'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import styles from './invoices.module.css'

const SHOWN = 8

interface OpenLinesProps {
  readonly program: string
  readonly invoice: ShownInvoice
  readonly currency: string
  readonly mayDecide: boolean
}

/** Lines that are no customer's, each with whose it may be, and a person's word on it (F1). */
export function OpenLines({ program, invoice, currency, mayDecide }: OpenLinesProps) {
  const [asked, setAsked] = useState<ShownOpenLines | null>(null)
  const { openLines, unclaimed } = invoice
  if (openLines.length === 0) return null
  return (
    <>
      {unclaimed === null ? null : (
        <span className={styles['line']}>
          Lines of nobody known: {moneyText(unclaimed.price, currency)}. No customer is billed for them.
        </span>
      )}
      <ul aria-label={`Lines of invoice ${invoice.id} that are no customer’s`}>
        {openLines.map((lines) => (
          <li key={lines.subscriptionId}>
            {[lines.customerName, lines.offerName, lines.subscriptionId].filter(Boolean).join(', ')}:{' '}
            {moneyText(lines.price, currency)}. {claimOf(lines)}{' '}
            {mayDecide ? (
              <Button
                tone="plain"
                aria-label={`Say whose subscription ${lines.subscriptionId} is`}
                onClick={() => setAsked(lines)}
              >
                Say whose it is
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {asked === null ? null : (
        <OwnerDialog invoiceId={invoice.id} program={program} lines={asked} onClose={() => setAsked(null)} />
      )}
    </>
  )
}

const claimOf = ({ is, customers }: ShownOpenLines): string => {
  if (is === 'nobodys') return 'Somebody said that it is nobody’s.'
  if (is === 'unclaimed') return ''
  return customers.length === 1
    ? `Only a part of it names ${customers[0]}.`
    : `It may be ${customers.slice(0, -1).join(', ')} or ${customers.at(-1)}.`
}

interface OwnerDialogProps {
  readonly invoiceId: string
  readonly program: string
  readonly lines: ShownOpenLines
  readonly onClose: () => void
}

/** Its other months follow; whoever it is of is synced by the next look. */
function OwnerDialog({ invoiceId, program, lines, onClose }: OwnerDialogProps) {
  const { busy, problem, run } = useAction()
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
          <Button tone="primary" disabled={busy || owner === undefined} onClick={() => void save()}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
