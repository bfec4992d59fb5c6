'use client'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import { Button } from '#app/ui/button.tsx'
import { Note } from '#app/ui/note.tsx'
import { monthName } from '#lib/billing/format.ts'

interface TenantsOffProps {
  readonly content: MappedContent
  readonly onSwitchOn: (tenantId: string) => Promise<void>
}

/** Tenants that are mapped here and do not sync: said, with the way to switch them on. */
export function TenantsOff({ content, onSwitchOn }: TenantsOffProps) {
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
        .map(({ id, name, firstSync }) => (
          <Note key={id} tone="quiet">
            Sync is off for {name}. Its additions are not touched.{' '}
            {firstSync === null
              ? ''
              : `Switched on, its first sync takes the ${monthName(firstSync.period)} invoice. `}
            {content.may.map ? (
              <Button tone="plain" onClick={() => void onSwitchOn(id)}>
                Switch Sync on
              </Button>
            ) : null}
          </Note>
        ))}
    </>
  )
}
