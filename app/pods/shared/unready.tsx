'use client'
import type { Pod } from '#app/hooks/use-pod.ts'
import { PodMessage, Skeleton } from './pod-message.tsx'

/** Instead of content: what keeps it from being shown, and the way on. */
export function Unready({ pod }: { pod: Pod }) {
  switch (pod.state.phase) {
    case 'silent':
      return (
        <PodMessage title="ConnectWise did not answer." onRetry={pod.signIn}>
          This pod asked the screen around it who you are and got no answer for ten seconds. The likely cause
          is the Origin field of this pod in Manage Hosted API: it must be exactly {window.location.origin}.
        </PodMessage>
      )
    case 'alone':
      return (
        <PodMessage
          title="This page belongs inside ConnectWise."
          link={{
            href: `/sign-in?next=${encodeURIComponent(window.location.pathname + window.location.search)}`,
            text: 'Sign in',
          }}
        >
          Open its record in ConnectWise, or sign in to see it here.
        </PodMessage>
      )
    case 'refused':
      return (
        <PodMessage title={pod.state.refusal.problem.detail} onRetry={pod.signIn}>
          {pod.state.refusal.problem.remedy}
        </PodMessage>
      )
    default:
      return <Skeleton />
  }
}
