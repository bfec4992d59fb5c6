'use client'
import { lazy, Suspense, useState } from 'react'
import type { UnmappedContent } from '#app/api/schemas/pod.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { MappingForm } from '#app/pods/shared/mapping-form.tsx'
import { OnlyLooking } from '#app/pods/shared/only-looking.tsx'
import { TenantsMoved } from '#app/pods/shared/tenants-moved.tsx'
import { AgreementFindings } from '#app/ui/plan/agreement-findings.tsx'
import styles from './agreement-pod.module.css'

const PodTodo = lazy(async () => ({ default: (await import('./pod-todo.tsx')).PodTodo }))

interface UnmappedViewProps {
  readonly content: UnmappedContent
  readonly pod: Pod
  readonly onMapped: () => Promise<unknown>
}

/** An agreement without a customer: what is left of earlier ones, and the form that maps one to it, or that there is none. */
export function UnmappedView({ content, pod, onMapped }: UnmappedViewProps) {
  const { agreement, company, program, findings, suggested, search, moved, todo, may } = content
  // What came of the last answer is still to be read.
  const [hadTodo, setHadTodo] = useState(todo !== null)
  if (todo !== null && !hadTodo) setHadTodo(true)
  return (
    <>
      {hadTodo ? (
        <div className={styles['stack']}>
          <Suspense>
            <PodTodo content={content} todo={todo} pod={pod} refresh={onMapped} />
          </Suspense>
        </div>
      ) : null}
      {may.map ? (
        <MappingForm
          key={agreement.id}
          title="No PRISM customer yet"
          about={`Pick the customer whose ${program.name} subscriptions ${agreement.name} of ${company.name} bills.`}
          place={{ company, program, agreements: [{ ...agreement, type: '', findings }], may }}
          pod={pod}
          customer={null}
          agreementId={agreement.id}
          isFixed
          suggested={suggested.map(({ customer, evidence }) => ({
            customer,
            reasons: evidence.map(({ reason }) => reason),
          }))}
          search={search}
          onMapped={() => void onMapped()}
        >
          <TenantsMoved moved={moved} />
        </MappingForm>
      ) : (
        <OnlyLooking
          title="No PRISM customer yet"
          about={`No customer’s ${program.name} subscriptions are billed by ${agreement.name} of ${company.name}.`}
        >
          <TenantsMoved moved={moved} />
          <AgreementFindings findings={findings} />
        </OnlyLooking>
      )}
    </>
  )
}
