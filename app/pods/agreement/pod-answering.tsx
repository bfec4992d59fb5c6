'use client'
import type { ReactNode } from 'react'
import type { MappedContent } from '#app/api/schemas/pod.ts'
import { Refused } from '#app/hooks/api.ts'
import type { CallApi } from '#app/hooks/endpoint.ts'
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
  // The session has run out: the screen is asked who is looking, and the person presses once more.
  const attempt = async <T,>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (error instanceof Refused && error.problem.status === 401) pod.signIn()
      throw error
    }
  }
  const call: CallApi = (endpoint, ...sending) =>
    endpoint.startsWith('GET ')
      ? pod.api.call(endpoint, ...sending)
      : attempt(() => pod.api.call(endpoint, ...sending))
  return (
    <AnsweringProvider
      program={content.program.slug}
      agreementId={content.agreement.id}
      runId={content.result?.runId ?? null}
      currency={content.currency}
      may={content.may.sync}
      call={call}
      onSync={onSync}
      onStarted={() => void refresh()}
    >
      {children}
    </AnsweringProvider>
  )
}
