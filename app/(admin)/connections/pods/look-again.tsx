'use client'
import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { Button } from '#app/ui/kit/button.tsx'

/** Reads ConnectWise again, and the page with it. */
export function LookAgain({ isBusy = false }: { isBusy?: boolean }) {
  const router = useRouter()
  const [isReading, read] = useTransition()
  return (
    <Button disabled={isBusy || isReading} onClick={() => read(() => router.refresh())}>
      {isReading ? 'Looking…' : 'Look again'}
    </Button>
  )
}
