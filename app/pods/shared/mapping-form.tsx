'use client'
import type { ReactNode } from 'react'
import type { Customer } from '#app/api/schemas/customers.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { AgreementFindings } from '#app/ui/plan/agreement-findings.tsx'
import { BeginChoice } from '#app/ui/plan/begin-choice.tsx'
import { firstSyncText } from '#app/ui/plan/first-sync.ts'
import { LeavingChoice } from '#app/ui/plan/leaving-choice.tsx'
import { AgreementChoice } from './agreement-choice.tsx'
import { CustomerChoice, type Suggested } from './customer-choice.tsx'
import styles from './mapping-form.module.css'
import { type MappingPlace, useMapping } from './use-mapping.ts'

interface MappingFormProps {
  readonly title: string
  readonly about: string
  readonly place: MappingPlace
  readonly pod: Pod
  /** Whose mapping it is; `null`: it is chosen here. */
  readonly customer: Customer | null
  /** Chosen beforehand. With `isFixed` there is no other. */
  readonly agreementId: number | null
  readonly isFixed: boolean
  readonly suggested: readonly Suggested[]
  /** What to search for among the customers that are not suggested. */
  readonly search: string
  readonly onMapped: () => void
  /** What else can be done, beside Save. */
  readonly actions?: ReactNode
  /** Between the heading and the form. */
  readonly children?: ReactNode
}

/** Which PRISM customer's subscriptions which agreement bills (H1, H2, E2-E6). Sync is off until switched on. */
export function MappingForm(props: MappingFormProps) {
  const { title, about, place, pod, suggested, search, isFixed, actions, children } = props
  const mapping = useMapping(props)
  const { chosen, agreement, syncs, beginning, answer, asked, busy, whyNot } = mapping
  const whyNoSync = !place.may.sync
    ? 'You may map, but not sync.'
    : asked !== null
      ? 'Move it first.'
      : syncs
        ? null
        : 'Switch Sync on to sync it.'
  return (
    <form className={styles['form']} onSubmit={(event) => event.preventDefault()}>
      <div>
        <h1>{title}</h1>
        <p className={styles['about']}>{about}</p>
      </div>
      {children}
      {isFixed ? <AgreementFindings findings={mapping.known} /> : null}
      {props.customer === null ? (
        <CustomerChoice
          program={place.program.slug}
          suggested={suggested}
          search={search}
          chosen={chosen}
          call={pod.api.call}
          onChoose={mapping.choose}
        />
      ) : null}
      {isFixed ? null : (
        <AgreementChoice
          agreements={mapping.agreements}
          agreementId={agreement?.id ?? null}
          onChoose={mapping.chooseAgreement}
        />
      )}
      {isFixed ? (
        <div aria-live="polite" className={styles['judged']}>
          <AgreementFindings findings={mapping.ofCustomer} />
        </div>
      ) : null}
      <label className={styles['choice']}>
        <input
          type="checkbox"
          role="switch"
          checked={syncs}
          onChange={(event) => mapping.setSyncs(event.target.checked)}
        />
        <span>
          Sync{' '}
          <span className={styles['quiet']}>
            {chosen === null || chosen.lastResult !== null ? '' : firstSyncText(chosen.firstSync?.period)}
          </span>
        </span>
      </label>
      {syncs && beginning !== undefined ? (
        <BeginChoice beginning={beginning} answer={answer} onAnswer={mapping.setAnswer} />
      ) : null}
      <ProblemNote problem={mapping.problem} />
      {asked === null ? null : (
        <LeavingChoice
          leaving={asked.leaving}
          goesTo={agreement?.name ?? 'the agreement'}
          answer={asked.answer}
          onAnswer={mapping.answerLeaving}
        />
      )}
      <div className={styles['actions']}>
        <Button tone="primary" disabled={busy} whyNot={whyNot} onClick={() => void mapping.save()}>
          {asked === null ? 'Save' : 'Move'}
        </Button>
        <Button
          disabled={busy}
          whyNot={whyNot ?? whyNoSync}
          isWhySaid={whyNot !== null}
          onClick={() => void mapping.saveAndSync()}
        >
          Save and sync now
        </Button>
        {actions}
      </div>
    </form>
  )
}
