'use client'
import { lazy, Suspense, useState } from 'react'
import type { Beginning } from '#app/api/schemas/customers.ts'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import { Refused } from '#app/hooks/api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { answerTo, asksForMissed, asksToBegin, type BeginAnswer } from '#app/ui/plan/first-sync.ts'
import { invoiceName } from '#lib/billing/invoice-month.ts'

// Asked of few agreements.
const BeginChoice = lazy(async () => ({
  default: (await import('#app/ui/plan/begin-choice.tsx')).BeginChoice,
}))

interface TenantsOffProps {
  readonly content: MappedContent
  readonly pod: Pod
  readonly onSwitchOn: (tenantId: string, answer: BeginAnswer) => Promise<unknown>
}

/** Tenants that are mapped here and do not sync: said, with the way to switch them on. */
export function TenantsOff({ content, pod, onSwitchOn }: TenantsOffProps) {
  return (
    <>
      {content.programEnabled ? null : (
        <Note
          tone="warn"
          remedy={`An owner switches it on in Prism Pod, on the page of ${content.program.name}.`}
        >
          Sync is off for the whole program.
        </Note>
      )}
      {content.tenants
        .filter(({ syncs }) => !syncs)
        .map((tenant) => (
          <TenantOff
            key={tenant.id}
            tenant={tenant}
            content={content}
            pod={pod}
            onSwitchOn={(answer) => onSwitchOn(tenant.id, answer)}
          />
        ))}
    </>
  )
}

interface TenantOffProps extends Omit<TenantsOffProps, 'onSwitchOn'> {
  readonly tenant: MappedContent['tenants'][number]
  readonly onSwitchOn: (answer: BeginAnswer) => Promise<unknown>
}

/** Where something has to be said before Sync is on, it is asked when the button is pressed (E6). */
function TenantOff({ tenant, content, pod, onSwitchOn }: TenantOffProps) {
  const { id, name, firstSync } = tenant
  const [beginning, setBeginning] = useState<Beginning>()
  const [answer, setAnswer] = useState<BeginAnswer>({})
  const press = async () => {
    // How a customer begins is a matter of months.
    if (content.isOneTime) return onSwitchOn({})
    if (beginning !== undefined) return onSwitchOn(answerTo(beginning, answer))
    const given = {
      path: { program: content.program.slug, tenantId: id },
      query: { agreementId: content.agreement.id },
    }
    const reading = pod.api.call('GET /api/programs/{program}/customers/{tenantId}/beginning', given)
    const read = await reading.catch(withoutRefusal)
    if (read !== undefined && (asksToBegin(read) || asksForMissed(read))) setBeginning(read)
    else await onSwitchOn({})
  }
  return (
    <Note tone="quiet">
      Sync is off for {name}. Its additions are not touched.{' '}
      {firstSync === null || beginning !== undefined
        ? ''
        : `Switched on, its next sync takes the ${invoiceName(firstSync.period)}. `}
      {beginning === undefined ? null : (
        <Suspense>
          <BeginChoice beginning={beginning} answer={answer} onAnswer={setAnswer} />
        </Suspense>
      )}
      {content.may.map ? (
        <Button tone="plain" onClick={() => void press()}>
          Switch Sync on
        </Button>
      ) : null}
    </Note>
  )
}

/** Where ConnectWise cannot be read, switching on is refused, too, and says why. */
const withoutRefusal = (error: unknown): undefined => {
  if (error instanceof Refused) return undefined
  throw error
}
