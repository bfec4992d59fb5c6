'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Button } from '#app/ui/kit/button.tsx'
import { LocalTime } from '#app/ui/kit/local-time.tsx'
import { Mark } from '#app/ui/kit/mark.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import table from '#app/ui/kit/table.module.css'
import { TableHead } from '#app/ui/kit/table-head.tsx'
import styles from './instance-rules.module.css'

export interface ShownRule {
  readonly rule: string
  readonly says: string
  readonly needs: string
  readonly verdict: 'holds' | 'fails' | 'unknown'
  readonly holds: number
  readonly fails: number
  readonly example: string
}

interface InstanceRulesProps {
  readonly rules: readonly ShownRule[]
  /** `null`: never. */
  readonly checkedAt: string | null
  readonly mayVerify: boolean
}

const VERDICTS = {
  holds: { tone: 'good', text: 'Holds' },
  fails: { tone: 'warn', text: 'Is otherwise' },
  unknown: { tone: 'quiet', text: 'Cannot tell' },
} as const

/** What no source states of how ConnectWise bills, and what this one's own invoices say of it. */
export function InstanceRules({ rules, checkedAt, mayVerify }: InstanceRulesProps) {
  const router = useRouter()
  const [said, setSaid] = useState('')
  const { run, problem, busy } = useAction({ refreshes: false })
  const verify = async () => {
    setSaid('')
    const isDone = await run(async () => {
      const found = await callApi('POST /api/connectwise/verify', {})
      setSaid(
        found.mayRead
          ? `${found.invoices} invoices of ${found.agreements} agreements were looked at: ${found.holds} rules hold, ${found.fails} are otherwise, of ${found.unknown} nothing tells.`
          : 'The API member’s role may not read invoices: give it Finance / Invoicing, Inquire.',
      )
    })
    if (isDone) router.refresh()
  }
  return (
    <section className={styles['rules']} aria-labelledby="instance-rules">
      <div className={styles['head']}>
        <h2 id="instance-rules">How this ConnectWise bills</h2>
        {mayVerify ? (
          <Button disabled={busy} onClick={() => void verify()}>
            {busy ? 'Looking at its invoices…' : 'Verify'}
          </Button>
        ) : null}
      </div>
      <p className={styles['lead']}>
        No source states these rules; the plans rest on them. Its own invoices tell which hold here. What a
        month’s comparison with ConnectWise’s invoices depends on and nothing tells is grey there, never red.
        {checkedAt === null ? (
          ' Not looked at so far.'
        ) : (
          <>
            {' '}
            Looked at <LocalTime at={checkedAt} />.
          </>
        )}
      </p>
      <p role="status">{said}</p>
      <ProblemNote problem={problem} />
      <div className={table['panel']}>
        <table className={table['table']}>
          <TableHead columns={['Rule', 'Here', 'By']} />
          <tbody>
            {rules.map(({ rule, says, needs, verdict, holds, fails, example }) => (
              <tr key={rule}>
                <td>{says}</td>
                <td className={table['state']}>
                  <Mark tone={VERDICTS[verdict].tone}>{VERDICTS[verdict].text}</Mark>
                </td>
                <td className={styles['by']} data-label="By">
                  {holds + fails === 0 ? (
                    <>Needed: {needs}.</>
                  ) : (
                    <>
                      {holds === 0 ? '' : `${holds} for it`}
                      {holds > 0 && fails > 0 ? ', ' : ''}
                      {fails === 0 ? '' : `${fails} against it`}
                      {example === '' ? '.' : `: ${example}.`}
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
