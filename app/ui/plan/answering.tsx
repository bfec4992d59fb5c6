'use client'
import { createContext, type ReactNode, useContext, useRef } from 'react'
import type { Answers } from '#app/api/schemas/answers.ts'
import { Refused } from '#app/hooks/api.ts'
import type { CallApi } from '#app/hooks/endpoint.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { useAttempt } from '#app/hooks/use-attempt.ts'

export interface AnsweringProps {
  readonly program: string
  readonly agreementId: number
  /** The sync whose result is shown; `null`: there is none. */
  readonly runId: string | null
  readonly currency: string
  /** Whether this person may answer; else what was said is only shown. */
  readonly may: boolean
  /** Whether they may also leave a month out, and take that back. */
  readonly maySkip: boolean
  /** Whether a yes may also be to what waits of other customers: not in a pod, which acts on the record that is shown. */
  readonly isWholeProgram: boolean
  /** Our own API, as the standalone site calls it or as a pod does. */
  readonly call: CallApi
  /** Syncs now; `null` where that is not offered. */
  readonly onSync: (() => Promise<unknown>) | null
  /** An answer has started a sync. */
  readonly onStarted: (runId: string) => void
}

export interface Answering extends AnsweringProps {
  /** What people answered so far; `undefined` until it is read. */
  readonly given: Answers | undefined
  /** Reads it again, a few times where that fails. Throws `Refused` where it fails each time. */
  readonly refresh: () => Promise<unknown>
}

const ANSWERS = 'GET /api/programs/{program}/agreements/{agreementId}/answers'
/** After which time it is tried again. */
const againAfterMs = [500, 2_000, 5_000]
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const AnsweringContext = createContext<Answering | null>(null)

/** Inside it findings of one agreement can be answered where they are shown. */
export function AnsweringProvider({ children, ...props }: AnsweringProps & { readonly children: ReactNode }) {
  const { program, agreementId, call } = props
  const sent = { path: { program, agreementId } }
  const { data, mutate } = useApi(ANSWERS, sent, { call, shouldRetryOnError: false })
  const newest = useRef(0)
  // SWR alone would keep what was said before where this reading fails, and say nothing of it.
  const refresh = async (): Promise<void> => {
    newest.current += 1
    const own = newest.current
    for (const wait of [...againAfterMs, null]) {
      try {
        const read = await call(ANSWERS, sent)
        // One that was asked for later knows more.
        if (own === newest.current) await mutate(read, { revalidate: false })
        return
      } catch (error) {
        if (!(error instanceof Refused) || wait === null) throw error
        await sleep(wait)
      }
    }
  }
  return <AnsweringContext value={{ ...props, given: data, refresh }}>{children}</AnsweringContext>
}

/** Findings inside it are only read: what they ask is answered in a list beside them, so that no question has two buttons. */
export const RowsAnswerNothing = ({ children }: { readonly children: ReactNode }) => (
  <AnsweringContext value={null}>{children}</AnsweringContext>
)

/** `null` where nothing can be answered: in a preview, for example. */
export const useAnswering = (): Answering | null => useContext(AnsweringContext)

/** One answer at a time; afterwards what was said is read again. */
export function useAnswer({ refresh }: Pick<Answering, 'refresh'>) {
  const { busy, problem, run } = useAttempt()
  /** True where it was done. */
  const act = (work: () => Promise<unknown>): Promise<boolean> =>
    run(async () => {
      await work()
      await refresh()
    })
  return { busy, problem, act }
}
