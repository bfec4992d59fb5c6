'use client'
import { useEffect, useRef, useState } from 'react'
import type { Cutover, CutoverOfAgreement } from '#app/api/schemas/cutover.ts'
import { callApi, Refused } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { CutoverGroupView, type Given } from './cutover-group.tsx'
import { customersText, groupsOf, namedBy } from './cutover-groups.ts'
import styles from './cutover-questions.module.css'

/** Customers of one request; each agreement is read in ConnectWise. */
const AT_ONCE = 20

interface CutoverQuestionsProps {
  readonly program: string
  /** Mapped customers, whether their Sync is on or not. */
  readonly tenantIds: readonly string[]
  /** What is open, each time that it was read to the end. */
  readonly onRead?: (agreements: readonly CutoverOfAgreement[]) => void
}

/** What the reviews of many customers ask, by what one answer settles; read from ConnectWise, and again after each answer (J8). */
export function CutoverQuestions({ program, tenantIds, onRead }: CutoverQuestionsProps) {
  const { read, agreements, currency, isReading, problem } = useCutover(program, tenantIds, onRead)
  const [given, setGiven] = useState<Given | null>(null)
  const groups = groupsOf(agreements)
  const open = agreements.filter(({ questions }) => questions.length > 0).length
  const clear = agreements.filter(
    ({ questions, problem }) => questions.length === 0 && problem === null,
  ).length
  return (
    <section className={styles['questions']} aria-label="What is asked">
      <p role="status">
        {isReading
          ? `Reading ConnectWise: ${agreements.length} agreements…`
          : [
              clear === 0
                ? ''
                : `${customersText(clear)} can begin as ${clear === 1 ? 'it is' : 'they are'}.`,
              open === 0 ? '' : `Of ${customersText(open)} something is asked.`,
            ].join(' ')}
      </p>
      <ProblemNote problem={problem} />
      {given === null ? null : (
        <TakeBack
          program={program}
          given={given}
          onBack={() => {
            setGiven(null)
            void read()
          }}
        />
      )}
      {isReading
        ? null
        : groups.map((group) => (
            <CutoverGroupView
              key={group.kind}
              program={program}
              group={group}
              currency={currency}
              onGiven={(now) => {
                setGiven(now)
                void read()
              }}
              onStale={() => void read()}
            />
          ))}
      {agreements.map(({ agreementId, customers, problem: why }) =>
        why === null ? null : (
          <p key={agreementId} className={styles['problem']}>
            {customers.map(({ name }) => name).join(', ')}: {why}
          </p>
        ),
      )}
    </section>
  )
}

function useCutover(program: string, tenantIds: readonly string[], onRead: CutoverQuestionsProps['onRead']) {
  const [agreements, setAgreements] = useState<readonly CutoverOfAgreement[]>([])
  const [currency, setCurrency] = useState('')
  const [isReading, setReading] = useState(true)
  const [problem, setProblem] = useState<Refused['problem'] | null>(null)
  const read = async () => {
    setReading(true)
    setProblem(null)
    const found: CutoverOfAgreement[] = []
    try {
      for (let at = 0; at < tenantIds.length; at += AT_ONCE) {
        const part: Cutover = await callApi('POST /api/programs/{program}/customers/questions', {
          path: { program },
          body: { tenantIds: tenantIds.slice(at, at + AT_ONCE) },
        })
        found.push(...part.agreements)
        setCurrency(part.currency)
        setAgreements(
          found.filter(
            ({ agreementId }, at) => found.findIndex((each) => each.agreementId === agreementId) === at,
          ),
        )
      }
      onRead?.(found)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
    } finally {
      setReading(false)
    }
  }
  const hasRead = useRef(false)
  // Once, as it opens.
  useEffect(() => {
    if (hasRead.current) return
    hasRead.current = true
    void read()
  })
  return { read, agreements, currency, isReading, problem }
}

function TakeBack({
  program,
  given,
  onBack,
}: {
  readonly program: string
  readonly given: Given
  readonly onBack: () => void
}) {
  const { busy, problem, run } = useAction({ refreshes: false })
  const { answer, endsOn, asked } = given
  const back = async () => {
    const body = { answer, ...(endsOn === null ? {} : { endsOn }), questions: asked.map(namedBy) }
    const isBack = await run(() =>
      callApi('POST /api/programs/{program}/customers/answers/undo', { path: { program }, body }),
    )
    if (isBack) onBack()
  }
  return (
    <div className={styles['actions']}>
      <span role="status">
        {asked.length === 1 ? '1 question was answered.' : `${asked.length} questions were answered.`}
      </span>
      <Button disabled={busy} onClick={() => void back()}>
        Take the answer back
      </Button>
      <ProblemNote problem={problem} />
    </div>
  )
}
