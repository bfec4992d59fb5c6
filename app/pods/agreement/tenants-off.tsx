'use client'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import { Button } from '#app/ui/button.tsx'
import { periodText } from '#app/ui/day-text.ts'
import { Note } from '#app/ui/note.tsx'
import styles from './agreement-pod.module.css'

interface TenantsOffProps {
  readonly content: MappedContent
  readonly onSwitchOn: (
    mapping: { companyId: number; agreementId: number; syncEnabled: true },
    tenantId: string,
  ) => Promise<void>
}

/** Tenants that are mapped here and do not sync: said, with the way to switch them on. */
export function TenantsOff({ content, onSwitchOn }: TenantsOffProps) {
  const off = content.tenants.filter(({ syncs }) => !syncs)
  const { company, agreement } = content
  return (
    <>
      {content.programEnabled ? null : (
        <div className={styles['inset']}>
          <Note tone="warn" remedy="The owner switches it on in the program’s settings.">
            Sync is off for the whole program.
          </Note>
        </div>
      )}
      {off.map(({ id, name, firstSync }) => (
        <div key={id} className={styles['stack']}>
          <Note tone="quiet">
            Sync is off for {name}. Its additions are not touched.{' '}
            {firstSync === null
              ? ''
              : `Switched on, its first sync takes the ${periodText(firstSync.period)} invoice. `}
            {content.may.map ? (
              <Button
                tone="plain"
                onClick={() =>
                  void onSwitchOn({ companyId: company.id, agreementId: agreement.id, syncEnabled: true }, id)
                }
              >
                Switch Sync on
              </Button>
            ) : null}
          </Note>
        </div>
      ))}
    </>
  )
}
