'use client'
import { lazy, Suspense, useEffect, useRef } from 'react'
import type { CompanyAgreement, CompanyContent } from '#app/api/schemas/company.ts'
import type { Refused } from '#app/hooks/api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { isCutOff } from '#app/pods/shared/cut-off.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import type { CompanyActions } from './agreement-row.tsx'
import { mayBeMapped } from './agreement-state.ts'
import { AgreementTable } from './agreement-table.tsx'
import { CompanyHeader } from './company-header.tsx'
import { CompanyNotes } from './company-notes.tsx'
import { MappedElsewhere } from './mapped-elsewhere.tsx'
import styles from './overview.module.css'
import { TroubleList } from './trouble-list.tsx'
import { troublesOf } from './troubles.ts'
import { useCompanySync } from './use-company-sync.ts'

const SessionNote = lazy(async () => ({
  default: (await import('#app/pods/shared/session-note.tsx')).SessionNote,
}))

interface OverviewProps extends Pick<CompanyActions, 'onOpen' | 'onMap'> {
  readonly content: CompanyContent
  readonly error: Refused | undefined
  readonly pod: Pod
  readonly refresh: (read?: 'now') => Promise<unknown>
  /** What was pressed last to leave it; it gets the focus back. */
  readonly focused: string | null
}

/** A company (H2): what is wrong on top, then its agreements with their customers and this month's proof. */
export function Overview({ content, error, pod, refresh, focused, onOpen, onMap }: OverviewProps) {
  const sync = useCompanySync(pod, refresh)
  const region = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (focused === null) return
    const pressed = region.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)
    ;(pressed ?? region.current?.querySelector<HTMLElement>('h1'))?.focus()
  }, [focused])
  const { agreements, may } = content
  const troubles = troublesOf(content)
  const actions = {
    isStarting: sync.isStarting,
    onOpen,
    onMap,
    onSync: (agreement: CompanyAgreement) => void sync.start(agreement),
  }
  const canMap = may.map && content.isPrismConnected && agreements.some(mayBeMapped)
  return (
    <div ref={region} className={styles['company']}>
      <CompanyHeader content={content} troubles={troubles}>
        {canMap ? (
          <Button data-key="map" onClick={() => onMap({ customer: null, agreementId: null }, 'map')}>
            Map a customer
          </Button>
        ) : null}
      </CompanyHeader>
      {isCutOff(pod, error) ? (
        <Suspense>
          <SessionNote pod={pod} error={error} readAt={content.readAt} />
        </Suspense>
      ) : null}
      <CompanyNotes content={content} onRetry={() => void refresh('now')} />
      <ProblemNote problem={sync.problem} />
      <TroubleList troubles={troubles} {...actions} />
      <div className={styles['wide']}>
        <AgreementTable content={content} {...actions} onStop={(runId) => void sync.stop(runId)} />
      </div>
      <MappedElsewhere suggested={content.suggested} host={pod.host} />
    </div>
  )
}
