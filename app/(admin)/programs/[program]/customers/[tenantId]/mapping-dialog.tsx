'use client'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import type { ShownLeaving } from '#app/api/schemas/leaving.ts'
import { callApi, Refused } from '#app/hooks/api.ts'
import type { CustomerPath } from '#app/hooks/endpoint.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Dialog, DialogActions } from '#app/ui/kit/dialog.tsx'
import { Check } from '#app/ui/kit/form.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { AgreementOptions, type OfferedAgreement } from '#app/ui/plan/agreement-options.tsx'
import { BeginChoice } from '#app/ui/plan/begin-choice.tsx'
import { ClearMapping } from '#app/ui/plan/clear-mapping.tsx'
import { answerTo, type BeginAnswer, firstSyncText } from '#app/ui/plan/first-sync.ts'
import { answered, type LeavingAnswer } from '#app/ui/plan/leaving-choice.tsx'
import { writesText } from '#app/ui/plan/writes-text.ts'
import { SiteAnswering } from '../../../../site-answering.tsx'
import { CompanyChoice, ReadProblem, Unreadable } from './company-choice.tsx'
import styles from './mapping.module.css'
import { MoveQuestion } from './move-question.tsx'
import { ReviewBeforeSync } from './review-before-sync.tsx'

interface MappingDialogProps {
  readonly of: CustomerPath
  readonly customer: Customer
  readonly may: { readonly map: boolean; readonly sync: boolean }
  readonly currency: string
  readonly onClose: () => void
  /** Once it is saved, with where the customer goes in words. */
  readonly onMapped?: (says: string) => void
}

/** What a save was answered with, and whether a sync was to follow. */
interface Asked {
  readonly leaving: ShownLeaving
  readonly thenSync: boolean
}

/** The company, then one of its agreements, then whether it syncs (E2-E4, E6). */
export function MappingDialog({ of, customer, may, currency, onClose, onMapped }: MappingDialogProps) {
  const router = useRouter()
  const action = useAction()
  const { busy, problem, run, clear } = action
  const [isClearing, setClearing] = useState(false)
  const [companyId, setCompanyId] = useState(customer.mapping?.companyId ?? null)
  const [agreementId, setAgreementId] = useState(customer.mapping?.agreementId ?? null)
  const [syncs, setSyncs] = useState(customer.mapping?.syncEnabled ?? false)
  const [agreementName, setAgreementName] = useState('')
  const [asked, setAsked] = useState<Asked | null>(null)
  const [answer, setAnswer] = useState<BeginAnswer>({})
  const { data: beginning, isLoading: isReading } = useApi(
    'GET /api/programs/{program}/customers/{tenantId}/beginning',
    agreementId === null ? null : { path: of, query: { agreementId } },
    { revalidateOnFocus: false },
  )
  // Nothing waits for it. What is left on another agreement, or how the customer begins, changes it: then it is not said.
  const stays = customer.mapping === null || customer.mapping.agreementId === agreementId
  const { data: meant } = useApi(
    'GET /api/programs/{program}/customers/{tenantId}/mapping/writes',
    syncs && may.sync && stays && companyId !== null && agreementId !== null && answer.begin === undefined
      ? { path: of, query: { companyId, agreementId } }
      : null,
    { revalidateOnFocus: false },
  )
  // What is to be said before Sync is on is known before it can be saved; what cannot be read is asked by the sync.
  const isComplete = companyId !== null && agreementId !== null && !(syncs && isReading)

  const save = async (thenSync: boolean, given: LeavingAnswer | null = null) => {
    if (companyId === null || agreementId === null) return
    const answers = syncs ? answerTo(beginning, answer) : {}
    const body = { companyId, agreementId, syncEnabled: syncs, ...answers, ...answered(given) }
    const isSaved = await run(async () => {
      try {
        const { mapping } = await callApi('PUT /api/programs/{program}/customers/{tenantId}/mapping', {
          path: of,
          body,
        })
        onMapped?.(`${mapping.companyName}, ${mapping.agreementName}`)
      } catch (error) {
        if (error instanceof Refused && error.problem.leaving)
          setAsked({ leaving: error.problem.leaving, thenSync })
        throw error
      }
      if (!thenSync) return
      const syncing = 'POST /api/programs/{program}/customers/{tenantId}/sync'
      const { runId } = await callApi(syncing, { path: of })
      router.push(`/runs/${runId}`)
    })
    if (isSaved) onClose()
  }

  const why = whyNot({ companyId, agreementId, isReading: syncs && isReading, syncs: syncs || !may.sync })

  if (isClearing)
    return (
      <Dialog title={`Clear the mapping of ${customer.name}?`} onClose={() => setClearing(false)}>
        <ClearMapping
          of={of}
          customer={customer}
          call={callApi}
          action={action}
          onKeep={() => setClearing(false)}
          onCleared={onClose}
        />
      </Dialog>
    )
  if (asked !== null)
    return (
      <MoveQuestion
        asked={asked}
        title={`${customer.name} moves`}
        goesTo={agreementName || 'the new agreement'}
        busy={busy}
        problem={problem?.code === 'still-billed' ? null : problem}
        onBack={() => {
          clear()
          setAsked(null)
        }}
        onAnswer={(given) => void save(asked.thenSync, given)}
      />
    )
  return (
    <Dialog title={`Where ${customer.name} goes`} onClose={onClose}>
      <form onSubmit={(event) => event.preventDefault()}>
        <CompanyChoice
          of={of}
          customer={customer}
          companyId={companyId}
          onChoose={(id) => {
            setCompanyId(id)
            setAgreementId(id === customer.mapping?.companyId ? customer.mapping.agreementId : null)
          }}
        />
        {companyId === null ? null : (
          <AgreementChoice
            key={companyId}
            companyId={companyId}
            of={of}
            agreementId={agreementId}
            onChoose={({ id, name }) => {
              setAgreementId(id)
              setAgreementName(name)
              setAnswer({})
            }}
          />
        )}
        <Check
          label="Sync"
          name="sync"
          hint={[
            customer.lastResult === null ? firstSyncText(customer.firstSync?.period) : '',
            syncs ? 'The next scheduled sync writes it.' : 'Off: nothing is written.',
          ].join(' ')}
          checked={syncs}
          onChange={({ target }) => setSyncs(target.checked)}
        />
        {syncs && beginning !== undefined ? (
          <BeginChoice beginning={beginning} answer={answer} onAnswer={setAnswer} />
        ) : null}
        {problem?.code === 'billed-already' ? (
          <p>
            Save it with Sync off; <Link href={pageOf(of)}>its page</Link> then asks what bills it already.
          </p>
        ) : null}
        <ProblemNote problem={problem} />
        {why === null ? null : <small className={styles['why']}>{why}</small>}
        <DialogActions>
          {customer.mapping === null ? null : (
            <Button tone="plain" disabled={busy} onClick={() => setClearing(true)}>
              Clear mapping
            </Button>
          )}
          <Button disabled={busy} onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={busy} whyNot={isComplete ? null : why} isWhySaid onClick={() => void save(false)}>
            Save
          </Button>
          {may.sync ? (
            <Button tone="primary" disabled={busy} whyNot={why} isWhySaid onClick={() => void save(true)}>
              {syncNowText(meant?.writes)}
            </Button>
          ) : null}
        </DialogActions>
      </form>
      {beginning?.isFirst && agreementId !== null && agreementId === customer.mapping?.agreementId ? (
        <SiteAnswering
          program={String(of.program)}
          agreementId={agreementId}
          runId={null}
          currency={currency}
          may={may.sync}
          syncs={null}
        >
          <ReviewBeforeSync of={of} currency={currency} />
        </SiteAnswering>
      ) : null}
    </Dialog>
  )
}

/** What the button saves and writes, as far as it was read. */
const syncNowText = (writes: Parameters<typeof writesText>[0] | undefined): string => {
  if (writes === undefined) return 'Save and sync now'
  return writes.length === 0
    ? 'Save and sync now: nothing to write'
    : `Save and sync now: ${writesText(writes)}`
}

const pageOf = ({ program, tenantId }: CustomerPath): string =>
  `/programs/${program}/customers/${encodeURIComponent(String(tenantId))}`

/** Why a button of the form does nothing yet; `null`: each does. */
function whyNot({
  companyId,
  agreementId,
  isReading,
  syncs,
}: {
  readonly companyId: number | null
  readonly agreementId: number | null
  readonly isReading: boolean
  readonly syncs: boolean
}): string | null {
  if (companyId === null) return 'Choose a company, then one of its agreements.'
  if (agreementId === null) return 'Choose an agreement.'
  if (isReading) return 'Reading what its first sync would take…'
  return syncs ? null : '“Save and sync now” needs Sync on.'
}

interface AgreementChoiceProps {
  readonly companyId: number
  readonly of: CustomerPath
  readonly agreementId: number | null
  readonly onChoose: (agreement: OfferedAgreement) => void
}

function AgreementChoice({ companyId, of, agreementId, onChoose }: AgreementChoiceProps) {
  const { data, error } = useApi('GET /api/connectwise/companies/{id}/agreements', {
    path: { id: companyId },
    query: of,
  })
  return (
    <fieldset className={styles['choices']}>
      <legend>Agreement</legend>
      <ReadProblem error={error} />
      {data === undefined && error === undefined ? <p>Reading ConnectWise…</p> : null}
      {data?.agreements.length === 0 ? (
        <p>The company has no agreement: make one in ConnectWise first.</p>
      ) : null}
      <AgreementOptions
        agreements={data?.agreements ?? []}
        agreementId={agreementId}
        onChoose={onChoose}
        className={styles['choice']}
      />
      <Unreadable what="An agreement" rows={data?.unreadable} />
    </fieldset>
  )
}
