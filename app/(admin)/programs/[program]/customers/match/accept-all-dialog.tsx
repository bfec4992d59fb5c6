'use client'
import { useEffect, useRef, useState } from 'react'
import type { Review } from '#app/api/schemas/mappings.ts'
import { callApi } from '#app/hooks/api.ts'
import { useAction } from '#app/hooks/use-action.ts'
import { Dialog } from '#app/ui/kit/dialog.tsx'
import { ProblemNote } from '#app/ui/kit/problem-note.tsx'
import { Progress } from '#app/ui/kit/progress.tsx'
import { ReviewActions } from '#app/ui/kit/review-actions.tsx'
import table from '#app/ui/kit/table.module.css'
import { aboveLine, reasonsText, sureText } from './desk.ts'
import styles from './match.module.css'
import type { DeskNow } from './use-desk.ts'

interface AcceptAllDialogProps {
  readonly program: string
  readonly desk: DeskNow
  readonly onClose: () => void
  readonly onAccepted: (acceptance: string, tenantIds: readonly string[]) => void
}

/** As many as are mapped at once. */
const MOST = 1000

type Above = ReturnType<typeof aboveLine>[number]

interface Shown {
  readonly above: readonly Above[]
  readonly review: Review
  /** What is wrong, by customer. */
  readonly wrong: ReadonlyMap<string, string>
}

/** The customers of which company and agreement are sure enough to be accepted at once: first all of them, then the yes to those that stay ticked. */
export function AcceptAllDialog({ program, desk, onClose, onAccepted }: AcceptAllDialogProps) {
  const { busy, problem, run } = useAction()
  const [shown, setShown] = useState<Shown | null>(null)
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set())
  const isOpen = useRef(true)
  const path = { program }

  const look = () =>
    run(async () => {
      setShown(null)
      const above = await allAbove(desk, isOpen)
      if (!isOpen.current) return
      if (above.length === 0) return setShown({ above, review: NOTHING, wrong: new Map() })
      const review = await callApi('POST /api/programs/{program}/customers/match/review', {
        path,
        body: { matches: matchesOf(above) },
      })
      const wrong = review.changes.flatMap(({ tenantId, problems }) =>
        tenantId === null || problems.length === 0
          ? []
          : [[tenantId, problems.map(({ says }) => says).join(' ')] as const],
      )
      setShown({ above, review, wrong: new Map(wrong) })
    })
  const looked = useRef(false)
  // Once, as the dialog opens.
  useEffect(() => {
    isOpen.current = true
    if (!looked.current) void look()
    looked.current = true
    return () => {
      isOpen.current = false
    }
  })
  const meant = shown?.above.filter(
    ({ customer: { tenantId } }) => !shown.wrong.has(tenantId) && !leftOut.has(tenantId),
  )
  const save = async () => {
    if (shown === null || meant === undefined) return
    const isSaved = await run(async () => {
      const { acceptance } = await callApi('POST /api/programs/{program}/customers/match', {
        path,
        body: {
          matches: matchesOf(shown.above),
          seen: shown.review.seen,
          ...(leftOut.size === 0 ? {} : { leftOut: [...leftOut] }),
        },
      })
      onAccepted(
        acceptance,
        meant.map(({ customer }) => customer.tenantId),
      )
    })
    return isSaved
  }
  return (
    <Dialog title="Accept all above the line" onClose={onClose} isWide>
      {shown === null && problem === null ? (
        <div role="status">
          <p>
            Reading customers and their agreements: {desk.rows.length} of {desk.list?.total ?? 0}…
          </p>
          <Progress label="Reading customers" done={desk.rows.length} total={desk.list?.total ?? 0} />
        </div>
      ) : null}
      {shown === null ? null : shown.above.length === 0 ? (
        <p role="status">Nobody is above the line now: accept the others one by one.</p>
      ) : (
        <>
          <p>
            Company and agreement are likely for each of them. They are mapped with their Sync off, and
            nothing is written. Leave out who you are not sure of.
          </p>
          <AboveTable shown={shown} leftOut={leftOut} onLeaveOut={setLeftOut} />
        </>
      )}
      <ProblemNote problem={problem} />
      <ReviewActions
        busy={busy}
        problem={problem}
        yes={
          meant === undefined || meant.length === 0
            ? 'Map them'
            : meant.length === 1
              ? 'Map 1 customer'
              : `Map ${meant.length} customers`
        }
        whyNot={
          meant === undefined ? 'They are being read.' : meant.length === 0 ? 'None of them is ticked.' : null
        }
        onCancel={onClose}
        onLook={() => void look()}
        onYes={() => void save()}
      />
    </Dialog>
  )
}

const NOTHING: Review = {
  seen: '',
  changes: [],
  counts: { map: 0, 'sync-on': 0, 'sync-off': 0, wrong: 0, nothing: 0 },
  takes: [],
  currency: '',
  unused: [],
  unreadable: [],
}

const matchesOf = (above: readonly Above[]) =>
  above.map(({ customer: { tenantId }, chosen: { companyId, agreementId } }) => ({
    tenantId,
    companyId,
    agreementId,
  }))

/** Reads the list as far as somebody of it may be above the line. */
async function allAbove(desk: DeskNow, isOpen: { readonly current: boolean }): Promise<Above[]> {
  let found = aboveLine(desk)
  let left = desk.list?.left ?? 0
  let read = desk.rows.length
  let isAny = true
  while (isOpen.current && left > 0 && found.length < MOST && (isAny || read < MOST)) {
    const more = await desk.readMore()
    isAny = more.desk.rows.slice(read).some(({ customer }) => customer.suggested?.isLikely === true)
    if (more.desk.rows.length === read) break
    read = more.desk.rows.length
    left = more.left
    found = aboveLine(more.desk)
  }
  return found.slice(0, MOST)
}

interface AboveTableProps {
  readonly shown: Shown
  readonly leftOut: ReadonlySet<string>
  readonly onLeaveOut: (leftOut: ReadonlySet<string>) => void
}

function AboveTable({ shown: { above, wrong }, leftOut, onLeaveOut }: AboveTableProps) {
  const choose = (tenantId: string, isMeant: boolean) => {
    const next = new Set(leftOut)
    if (isMeant) next.delete(tenantId)
    else next.add(tenantId)
    onLeaveOut(next)
  }
  return (
    <div className={[table['panel'], styles['above']].join(' ')} role="group" aria-label="Above the line">
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col">Customer</th>
            <th scope="col">Goes to</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {above.map(({ customer, chosen }) => {
            const { tenantId, name, domain, suggested } = customer
            const says = wrong.get(tenantId)
            return (
              <tr key={tenantId}>
                <td>
                  <label className={styles['box']}>
                    <input
                      type="checkbox"
                      checked={says === undefined && !leftOut.has(tenantId)}
                      disabled={says !== undefined}
                      onChange={({ target }) => choose(tenantId, target.checked)}
                    />
                    <span className={styles['who']}>
                      {name}
                      <span>{domain}</span>
                    </span>
                  </label>
                </td>
                <td>{chosen.says}</td>
                <td>
                  {says === undefined ? (
                    suggested === null ? null : (
                      `${sureText(suggested)}: ${reasonsText(suggested)}; ${suggested.agreement?.reason ?? ''}`
                    )
                  ) : (
                    <span className={styles['bad']}>{says}</span>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
