'use client'
import { lazy, Suspense } from 'react'
import type { PodContent, UnmappedContent } from '#app/api/schemas/pod.ts'
import type { Refused } from '#app/hooks/api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { OnlyLooking } from '#app/pods/shared/only-looking.tsx'
import { PodMessage, Skeleton } from '#app/pods/shared/pod-message.tsx'
import { TenantsMoved } from '#app/pods/shared/tenants-moved.tsx'
import { Unready } from '#app/pods/shared/unready.tsx'
import { AgreementFindings } from '#app/ui/plan/agreement-findings.tsx'
import { MappedView } from './mapped-view.tsx'

// Mapped agreements are the many, and load without it.
const MappingForm = lazy(async () => ({
  default: (await import('#app/pods/shared/mapping-form.tsx')).MappingForm,
}))

interface AgreementBodyProps {
  readonly content: PodContent | undefined
  readonly error: Refused | undefined
  readonly refresh: () => Promise<unknown>
  readonly pod: Pod
  readonly isInCompany?: boolean
}

/** One agreement (H1): its last result and what can be done, or the form that maps a customer to it. */
export function AgreementBody({ content, error, refresh, pod, isInCompany = false }: AgreementBodyProps) {
  // Who may not look any more sees nothing of it.
  if (pod.state.phase === 'refused') return <Unready pod={pod} />
  if (content?.state === 'mapped')
    return <MappedView content={content} pod={pod} refresh={refresh} isInCompany={isInCompany} />
  if (content?.state === 'unmapped')
    return (
      <Suspense fallback={<Skeleton />}>
        <Unmapped content={content} pod={pod} onMapped={() => void refresh()} />
      </Suspense>
    )
  if (error !== undefined && error.problem.status !== 401)
    return (
      <PodMessage title={error.problem.detail} onRetry={() => void refresh()}>
        {error.problem.remedy}
      </PodMessage>
    )
  return <Unready pod={pod} />
}

interface UnmappedProps {
  readonly content: UnmappedContent
  readonly pod: Pod
  readonly onMapped: () => void
}

function Unmapped({ content, pod, onMapped }: UnmappedProps) {
  const { agreement, company, program, findings, suggested, search, moved, may } = content
  if (!may.map)
    return (
      <OnlyLooking
        title="No PRISM customer yet"
        about={`No customer’s ${program.name} subscriptions are billed by ${agreement.name} of ${company.name}.`}
      >
        <TenantsMoved moved={moved} />
        <AgreementFindings findings={findings} />
      </OnlyLooking>
    )
  return (
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
      onMapped={onMapped}
    >
      <TenantsMoved moved={moved} />
    </MappingForm>
  )
}
