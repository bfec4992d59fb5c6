'use client'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { LookNote } from '#app/pods/shared/look-note.tsx'
import { TenantsMoved } from '#app/pods/shared/tenants-moved.tsx'
import { NothingYet } from './nothing-yet.tsx'
import { ResultNote } from './result-note.tsx'
import { TenantsOff } from './tenants-off.tsx'
import type { SyncActions } from './use-sync-actions.ts'

interface RemarksProps {
  readonly content: MappedContent
  readonly pod: Pod
  readonly onSwitchOn: SyncActions['switchOn']
}

/** What is to be said of an agreement that does not simply sync and go on: rights, customers, its last sync as a whole. */
export function Remarks({ content, pod, onSwitchOn }: RemarksProps) {
  const { may, moved, result } = content
  return (
    <>
      {may.sync ? null : <LookNote />}
      <TenantsMoved moved={moved} />
      <TenantsOff content={content} pod={pod} onSwitchOn={onSwitchOn} />
      {result === null ? <NothingYet content={content} /> : <ResultNote result={result} />}
    </>
  )
}
