'use client'
import type { UnmappedContent } from '#app/api/schemas/pod.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { MappingForm } from '#app/pods/shared/mapping-form.tsx'
import { OnlyLooking } from '#app/pods/shared/only-looking.tsx'
import { TenantsMoved } from '#app/pods/shared/tenants-moved.tsx'
import { AgreementFindings } from '#app/ui/plan/agreement-findings.tsx'

interface UnmappedViewProps {
  readonly content: UnmappedContent
  readonly pod: Pod
  readonly onMapped: () => void
}

/** An agreement without a customer: the form that maps one to it, or that there is none. */
export function UnmappedView({ content, pod, onMapped }: UnmappedViewProps) {
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
