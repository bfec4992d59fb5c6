'use client'
import { lazy, Suspense, useDeferredValue, useState } from 'react'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { Skeleton } from '#app/pods/shared/pod-message.tsx'
import { Button } from '#app/ui/kit/button.tsx'
import { Note } from '#app/ui/kit/note.tsx'
import { RowsAnswerNothing } from '#app/ui/plan/answering.tsx'
import { AnswersGiven } from '#app/ui/plan/answers-given.tsx'
import { FirstSyncAnswering } from '#app/ui/plan/first-sync-answering.ts'
import { type Planned, planId } from '#app/ui/plan/plan-names.ts'
import { PlanTitle } from '#app/ui/plan/plan-title.tsx'
import { TakingBack } from '#app/ui/run/taking-back.tsx'
import styles from './agreement-pod.module.css'
import { MonthLabel } from './month-label.tsx'
import { PodAnswering } from './pod-answering.tsx'
import { PodFooter } from './pod-footer.tsx'
import { PodHeader } from './pod-header.tsx'
import { ResultMonth } from './result-month.tsx'
import { StillFits } from './still-fits.tsx'
import { useSyncActions } from './use-sync-actions.ts'

// Most agreements have synced one month, which is right, and go on; they load without these.
const Remarks = lazy(async () => ({ default: (await import('./remarks.tsx')).Remarks }))
const ResultPeriods = lazy(async () => ({ default: (await import('./result-periods.tsx')).ResultPeriods }))
const SecondProofFigures = lazy(async () => ({
  default: (await import('#app/ui/month/second-proof.tsx')).SecondProofFigures,
}))
const EarlierMonth = lazy(async () => ({ default: (await import('./earlier-month.tsx')).EarlierMonth }))
const SyncProgressBar = lazy(async () => ({
  default: (await import('#app/pods/shared/sync-progress.tsx')).SyncProgressBar,
}))
const PodTodo = lazy(async () => ({ default: (await import('./pod-todo.tsx')).PodTodo }))
const CheckFirst = lazy(async () => ({
  default: (await import('#app/pods/shared/check-first.tsx')).CheckFirst,
}))
const PreviewDialog = lazy(async () => ({ default: (await import('./preview-dialog.tsx')).PreviewDialog }))

interface MappedViewProps {
  readonly content: MappedContent
  readonly pod: Pod
  readonly refresh: () => Promise<unknown>
  readonly place: Place
}

/** A pod of its own, inside its company’s, or the customer’s page of the site: what stands around it need not be said or linked again. */
export type Place = 'pod' | 'company' | 'site'

/** Whether there is more to say than what its months say. */
const hasRemarks = ({ may, moved, programEnabled, tenants, result }: MappedContent): boolean =>
  !may.sync ||
  moved.length > 0 ||
  !programEnabled ||
  tenants.some(({ syncs }) => !syncs) ||
  result === null ||
  result.message !== null ||
  result.note !== null

/** An agreement with tenants: the last result, and what can be done about it. */
export function MappedView({ content, pod, refresh, place }: MappedViewProps) {
  const [showCost, setShowCost] = useState(false)
  // The box answers at once, a long table a moment later.
  const hasCost = useDeferredValue(showCost)
  const [previewing, setPreviewing] = useState(false)
  /** A month that was picked; `null`: the last sync's. */
  const [opened, setOpened] = useState<Planned | null>(null)
  const { starting, problem, syncNow, stop, switchOn, begin } = useSyncActions(content, pod, refresh)
  const { result, running, tenants, may } = content
  // What came of the last answer is still to be read.
  const [hadTodo, setHadTodo] = useState(content.todo !== null)
  if (content.todo !== null && !hadTodo) setHadTodo(true)
  const tenant = tenants.find(({ syncs }) => syncs) ?? tenants[0]
  const isBusy = running !== null || starting
  // Each is said in the remarks, too.
  const whyNoSync = !content.programEnabled
    ? 'Sync is off for the whole program.'
    : tenant?.syncs === true
      ? null
      : 'Sync is off.'
  const canSync = whyNoSync === null && may.sync && !isBusy
  const sync = () => void syncNow()
  const months = result?.periods ?? []
  const newest = months[0]
  const earlier =
    opened === null || (newest !== undefined && planId(opened) === planId(newest)) ? null : opened
  const isToCheck = tenants.some(({ checkMonth }) => checkMonth !== null)
  return (
    <>
      <PodHeader
        content={content}
        isOnSite={place === 'site'}
        month={
          newest === undefined ? null : place === 'site' ? (
            <PlanTitle plan={newest} />
          ) : (
            <MonthLabel
              pod={pod}
              agreementId={content.agreement.id}
              newest={newest}
              shown={earlier ?? newest}
              onPick={setOpened}
            />
          )
        }
      >
        <Button onClick={() => setPreviewing(true)}>Preview</Button>
        {may.sync ? (
          <Button tone="primary" onClick={sync} disabled={isBusy} whyNot={whyNoSync} isWhySaid>
            {isBusy ? 'Syncing…' : 'Sync now'}
          </Button>
        ) : null}
      </PodHeader>
      <div className={styles['stack']}>
        <div aria-live="polite" className={styles['live']}>
          {running === null && !starting ? null : (
            <Suspense>
              <SyncProgressBar running={running} onStop={may.sync ? stop : null} />
            </Suspense>
          )}
        </div>
        {problem === null ? null : (
          <div role="alert">
            <Note tone="bad" remedy={problem.remedy}>
              {problem.detail}
            </Note>
          </div>
        )}
        <StillFits pod={pod} agreementId={content.agreement.id} readAt={result?.finishedAt ?? null} />
        {isToCheck && newest !== undefined ? (
          <Suspense>
            <CheckFirst tenants={tenants} newest={newest.period} />
          </Suspense>
        ) : null}
        {hasRemarks(content) ? (
          <Suspense>
            <Remarks content={content} pod={pod} onSwitchOn={switchOn} />
          </Suspense>
        ) : null}
      </div>
      {earlier === null || newest === undefined ? (
        <PodAnswering content={content} pod={pod} refresh={refresh} onSync={canSync ? syncNow : null}>
          {hadTodo ? (
            <div className={styles['stack']}>
              <Suspense>
                <PodTodo
                  content={content}
                  todo={content.todo}
                  pod={pod}
                  refresh={refresh}
                  isOnSite={place === 'site'}
                />
              </Suspense>
            </div>
          ) : null}
          {result === null ? null : (
            <RowsAnswerNothing>
              <FirstSyncAnswering value={may.map && !isBusy ? begin : null}>
                {months.length === 1 && months[0] !== undefined ? (
                  <ResultMonth plan={months[0]} content={content} showCost={hasCost} />
                ) : (
                  <Suspense>
                    <ResultPeriods result={result} content={content} showCost={hasCost} />
                  </Suspense>
                )}
              </FirstSyncAnswering>
            </RowsAnswerNothing>
          )}
          {content.second === null ? null : (
            <section
              className={[styles['stack'], styles['second']].join(' ')}
              aria-label="What ConnectWise invoiced"
            >
              <Suspense>
                <SecondProofFigures proof={content.second} currency={content.currency} label="ConnectWise" />
              </Suspense>
            </section>
          )}
          <div className={styles['stack']}>
            <AnswersGiven />
          </div>
          {result === null || isBusy ? null : (
            <TakingBack
              undoes={content.undoes}
              of={content.agreement.name}
              tone="plain"
              className={styles['takingBack']}
              undoText="Undo last sync…"
            />
          )}
        </PodAnswering>
      ) : (
        <Suspense fallback={<Skeleton />}>
          <EarlierMonth
            key={planId(earlier)}
            content={content}
            pod={pod}
            plan={earlier}
            newest={newest}
            showCost={hasCost}
            onBack={() => setOpened(null)}
          />
        </Suspense>
      )}
      <PodFooter
        content={content}
        host={place === 'pod' ? pod.host : null}
        isOnSite={place === 'site'}
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
