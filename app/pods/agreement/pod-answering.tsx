'use client'
import type { ReactNode } from 'react'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import type { Pod } from '#app/hooks/use-pod.ts'
import { AnsweringProvider } from '#app/ui/plan/answering.tsx'

interface PodAnsweringProps {
  readonly content: MappedContent
  readonly pod: Pod
  readonly refresh: () => Promise<unknown>
  /** `null` where this member may not sync, or a sync is under way. */
  readonly onSync: (() => Promise<void>) | null
  readonly children: ReactNode
}

/** Answers in the pod, by members who may sync; a sync that one starts is followed here. */
export function PodAnswering({ content, pod, refresh, onSync, children }: PodAnsweringProps) {
  return (
    <AnsweringProvider
      program={content.program.slug}
      agreementId={content.agreement.id}
      runId={content.result?.runId ?? null}
      currency={content.currency}
      may={content.may.sync}
      maySkip={content.may.skip}
      isWholeProgram={false}
      call={pod.api.call}
      onSync={onSync}
      onStarted={() => void refresh()}
    >
      {children}
    </AnsweringProvider>
  )
}
