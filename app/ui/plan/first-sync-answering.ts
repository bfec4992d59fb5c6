'use client'
import { createContext } from 'react'
import type { FirstSync } from '#lib/billing/types.ts'

/** Says how a customer begins, and shows what comes of it. Rejects with `Refused`. */
type Answer = (tenantId: string, begin: FirstSync) => Promise<void>

export const FirstSyncAnswers = createContext<Answer | null>(null)

/** Below it, rows offer their answers; without it, or with `null`, a plan is only looked at. */
export const FirstSyncAnswering = FirstSyncAnswers.Provider
