'use client'
import { lazy, Suspense, useState } from 'react'
import type { CompanyContent } from '#app/api/schemas/company.ts'
import type { Customer } from '#app/api/schemas/customers.ts'
import { useAttempt } from '#app/hooks/use-attempt.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { Skeleton } from '#app/pods/shared/pod-message.tsx'
import { Button } from '#app/ui/kit/button.tsx'
import { mayBePicked } from '#app/ui/plan/agreement-options.tsx'
import { BackBar } from './back-bar.tsx'
import styles from './overview.module.css'

const MappingForm = lazy(async () => ({
  default: (await import('#app/pods/shared/mapping-form.tsx')).MappingForm,
}))
const ClearMapping = lazy(async () => ({
  default: (await import('#app/ui/plan/clear-mapping.tsx')).ClearMapping,
}))

/** What is to be mapped, as far as it was chosen already. */
export interface ToMap {
  readonly customer: Customer | null
  readonly agreementId: number | null
}

interface MapCustomerProps {
  readonly content: CompanyContent
  readonly of: ToMap
  readonly pod: Pod
  readonly onBack: () => void
}

/** Maps a customer to one of the company's agreements, moves it to another one, or clears its mapping (E2-E6). */
export function MapCustomer({ content, of, pod, onBack }: MapCustomerProps) {
  const { company, programs, suggested, may } = content
  const { customer } = of
  const [isClearing, setClearing] = useState(false)
  const action = useAttempt()
  const [program] = programs
  if (program === undefined) return null
  const agreements = content.agreements.map(({ id, name, type, findings }) => ({
    id,
    name,
    type,
    findings: findings ?? [],
  }))
  // Where there is only one that can be meant, it is.
  const [only, ...more] = agreements.filter(mayBePicked)
  const agreementId = of.agreementId ?? (more.length === 0 ? (only?.id ?? null) : null)
  const isHere = customer?.mapping?.companyId === company.id
  const title =
    customer === null ? 'Map a customer' : isHere ? `Where ${customer.name} goes` : `Map ${customer.name}`
  return (
    <>
      <BackBar companyName={company.name} onBack={onBack}>
        {title}
      </BackBar>
      <Suspense fallback={<Skeleton />}>
        {isClearing && customer !== null ? (
          <div className={styles['clearing']}>
            <h1>Clear the mapping of {customer.name}?</h1>
            <ClearMapping
              of={{ program: program.slug, tenantId: customer.tenantId }}
              customer={customer}
              call={pod.api.call}
              action={action}
              onKeep={() => setClearing(false)}
              onCleared={onBack}
            />
          </div>
        ) : (
          <MappingForm
            title={title}
            about={`Pick the agreement of ${company.name} that bills ${customer === null ? 'the customer’s' : 'its'} ${program.name} subscriptions.`}
            place={{ company, program, agreements, may }}
            pod={pod}
            customer={customer}
            agreementId={agreementId}
            isFixed={false}
            suggested={suggested}
            search={content.search}
            onMapped={onBack}
            actions={
              isHere ? (
                <Button tone="plain" onClick={() => setClearing(true)}>
                  Clear mapping
                </Button>
              ) : null
            }
          />
        )}
      </Suspense>
    </>
  )
}
