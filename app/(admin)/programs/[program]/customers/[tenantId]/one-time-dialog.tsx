'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import { callApi } from '#app/hooks/api.ts'
import type { CustomerPath } from '#app/hooks/endpoint.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Check } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { AgreementOptions, mayBePicked } from '#app/ui/plan/agreement-options.tsx'
import { ReadProblem, Unreadable } from './company-choice.tsx'
import styles from './mapping.module.css'

interface OneTimeDialogProps {
  readonly of: CustomerPath
  readonly customer: Customer
  /** The customer's, as it is mapped by the month, or was here. */
  readonly company: { readonly companyId: number; readonly companyName: string }
  readonly onClose: () => void
}

/** Which One-Time agreement carries what the customer is billed at once, and whether it syncs (J9). */
export function OneTimeDialog({ of, customer, company, onClose }: OneTimeDialogProps) {
  const router = useRouter()
  const { busy, problem, run } = useAction()
  const before = customer.annual?.mapping ?? null
  const [agreementId, setAgreementId] = useState(before?.agreementId ?? null)
  const [syncs, setSyncs] = useState(before?.syncEnabled ?? true)
  const [left, setLeft] = useState<string | null>(null)
  const path = 'programs/{program}/customers/{tenantId}/one-time-mapping'
  const close = (says: string | null): void => {
    if (says === null) onClose()
    else setLeft(says)
    router.refresh()
  }
  const save = async () => {
    if (agreementId === null) return
    const body = { companyId: company.companyId, agreementId, syncEnabled: syncs }
    let says: string | null = null
    const isSaved = await run(async () => {
      const saved = await callApi(`PUT /api/${path}`, { path: of, body })
      says = leftText(saved.left)
    })
    if (isSaved) close(says)
  }
  const clear = async () => {
    let says: string | null = null
    const isCleared = await run(async () => {
      says = leftText((await callApi(`DELETE /api/${path}`, { path: of })).left)
    })
    if (isCleared) close(says)
  }
  if (left !== null)
    return (
      <Dialog title="Nothing was ended" onClose={onClose}>
        <p>{left}</p>
        <DialogActions>
          <Button tone="primary" onClick={onClose}>
            Close
          </Button>
        </DialogActions>
      </Dialog>
    )
  return (
    <Dialog title={`Where annual invoices of ${customer.name} go`} onClose={onClose}>
      <form onSubmit={(event) => event.preventDefault()}>
        <p>Company: {company.companyName || `company ${company.companyId}`}</p>
        <OneTimeChoice
          of={of}
          companyId={company.companyId}
          agreementId={agreementId}
          onChoose={setAgreementId}
        />
        <Check
          label="Sync"
          name="sync"
          hint={syncs ? 'The next look bills what waits.' : 'Off: nothing is written.'}
          checked={syncs}
          onChange={({ target }) => setSyncs(target.checked)}
        />
        <ProblemNote problem={problem} />
        <DialogActions>
          {before === null ? null : (
            <Button tone="plain" disabled={busy} onClick={() => void clear()}>
              Clear
            </Button>
          )}
          <Button disabled={busy} onClick={onClose}>
            Cancel
          </Button>
          <Button
            tone="primary"
            disabled={busy}
            whyNot={agreementId === null ? 'Choose an agreement.' : null}
            onClick={() => void save()}
          >
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

const leftText = (
  left: { readonly agreementName: string; readonly additions: number } | null,
): string | null =>
  left === null
    ? null
    : `${left.additions === 1 ? '1 addition stays' : `${left.additions} additions stay`} on ${left.agreementName}: each bills a line of an annual invoice once, so that nothing is billed twice.`

interface OneTimeChoiceProps {
  readonly of: CustomerPath
  readonly companyId: number
  readonly agreementId: number | null
  readonly onChoose: (agreementId: number) => void
}

function OneTimeChoice({ of, companyId, agreementId, onChoose }: OneTimeChoiceProps) {
  const { data, error } = useApi('GET /api/connectwise/companies/{id}/agreements', {
    path: { id: companyId },
    query: { program: String(of.program), carries: 'annual' },
  })
  return (
    <fieldset className={styles['choices']}>
      <legend>One-Time agreement</legend>
      <ReadProblem error={error} />
      {data === undefined && error === undefined ? <p>Reading ConnectWise…</p> : null}
      {data === undefined || data.agreements.some(mayBePicked) ? null : (
        <p>None of the company’s can carry it: make one with the billing cycle One-Time in ConnectWise.</p>
      )}
      <AgreementOptions
        agreements={data?.agreements ?? []}
        agreementId={agreementId}
        onChoose={({ id }) => onChoose(id)}
        className={styles['choice']}
      />
      <Unreadable what="An agreement" rows={data?.unreadable} />
    </fieldset>
  )
}
