'use client'
import { lazy, Suspense, useState } from 'react'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { LookNote } from '#app/pods/shared/only-looking.tsx'
import { TenantsMoved } from '#app/pods/shared/tenants-moved.tsx'
import { Button } from '#app/ui/kit/button.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { AnswersGiven } from '#app/ui/plan/answers-given.tsx'
import { FirstSyncAnswering } from '#app/ui/plan/first-sync-answering.ts'
import styles from './agreement-pod.module.css'
import { PodAnswering } from './pod-answering.tsx'
import { PodFooter } from './pod-footer.tsx'
import { PodHeader } from './pod-header.tsx'
import { ResultNote } from './result-note.tsx'
import { ResultPeriods } from './result-periods.tsx'
import { StillFits } from './still-fits.tsx'
import { SyncProgressBar } from './sync-progress.tsx'
import { useSyncActions } from './use-sync-actions.ts'

// Most agreements have synced, and go on; they load without these.
const NothingYet = lazy(async () => ({ default: (await import('./nothing-yet.tsx')).NothingYet }))
const PodTodo = lazy(async () => ({ default: (await import('./pod-todo.tsx')).PodTodo }))
const TenantsOff = lazy(async () => ({ default: (await import('./tenants-off.tsx')).TenantsOff }))
const PreviewDialog = lazy(async () => ({ default: (await import('./preview-dialog.tsx')).PreviewDialog }))

interface MappedViewProps {
  readonly content: MappedContent
  readonly pod: Pod
  readonly refresh: () => Promise<unknown>
  /** Inside its company, to which no link is needed. */
  readonly isInCompany: boolean
}

/** An agreement with tenants: the last result, and what can be done about it. */
export function MappedView({ content, pod, refresh, isInCompany }: MappedViewProps) {
  const [showCost, setShowCost] = useState(false)
  const [previewing, setPreviewing] = useState(false)
  const { starting, problem, syncNow, stop, switchOn, begin } = useSyncActions(content, pod, refresh)
  const { result, running, tenants, may } = content
  // What came of the last answer is still to be read.
  const [hadTodo, setHadTodo] = useState(content.todo !== null)
  if (content.todo !== null && !hadTodo) setHadTodo(true)
  const tenant = tenants.find(({ syncs }) => syncs) ?? tenants[0]
  const isBusy = running !== null || starting
  const canSync = tenant?.syncs === true && content.programEnabled && may.sync && !isBusy
  const sync = () => void syncNow()
  return (
    <>
      <PodHeader content={content}>
        <Button onClick={() => setPreviewing(true)}>Preview</Button>
        {may.sync ? (
          <Button tone="primary" onClick={sync} disabled={!canSync}>
            {isBusy ? 'Syncing…' : 'Sync now'}
          </Button>
        ) : null}
      </PodHeader>
      <div className={styles['stack']}>
        <SyncProgressBar running={running} starting={starting} onStop={may.sync ? stop : null} />
        {problem === null ? null : (
          <div role="alert">
            <Note tone="bad" remedy={problem.remedy}>
              {problem.detail}
            </Note>
          </div>
        )}
        {may.sync ? null : <LookNote />}
        <StillFits pod={pod} agreementId={content.agreement.id} />
        <TenantsMoved moved={content.moved} />
        <Suspense>
          {content.programEnabled && tenants.every(({ syncs }) => syncs) ? null : (
            <TenantsOff content={content} pod={pod} onSwitchOn={switchOn} />
          )}
          {result === null ? <NothingYet content={content} /> : <ResultNote result={result} />}
        </Suspense>
      </div>
      <PodAnswering content={content} pod={pod} refresh={refresh} onSync={canSync ? syncNow : null}>
        {hadTodo ? (
          <div className={styles['stack']}>
            <Suspense>
              <PodTodo content={content} todo={content.todo} pod={pod} refresh={refresh} />
            </Suspense>
          </div>
        ) : null}
        {result === null ? null : (
          <FirstSyncAnswering value={may.map && !isBusy ? begin : null}>
            <ResultPeriods result={result} content={content} showCost={showCost && may.seeCost} />
          </FirstSyncAnswering>
        )}
        <div className={styles['stack']}>
          <AnswersGiven />
        </div>
      </PodAnswering>
      <PodFooter
        content={content}
        host={isInCompany ? null : pod.host}
        showCost={showCost}
        onShowCost={setShowCost}
      />
      {tenant === undefined || !previewing ? null : (
        <Suspense>
          <PreviewDialog
            call={pod.api.call}
            of={{ program: content.program.slug, tenantId: tenant.id }}
            content={content}
            onClose={() => setPreviewing(false)}
            onSync={canSync ? sync : null}
          />
        </Suspense>
      )}
    </>
  )
}
