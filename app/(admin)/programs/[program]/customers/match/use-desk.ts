'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Problem } from '#app/api/schemas/problem.ts'
import type { MappingSuggestions } from '#app/api/schemas/suggestions.ts'
import { callApi, Refused } from '#app/hooks/api.ts'
import {
  chosenBy,
  type Desk,
  type DeskAction,
  type DeskRow,
  emptyDesk,
  isMove,
  moved,
  movedTo,
  nextOpen,
  type RowState,
  withMore,
  withState,
} from './desk.ts'

/** What of an answer is not of one customer. */
export type List = Omit<MappingSuggestions, 'customers'>

export interface DeskNow extends Desk {
  /** `null`: nothing was read yet. */
  readonly list: List | null
  /** What was done last, for who cannot see it. */
  readonly said: string
  readonly problem: Problem | null
  readonly isReading: boolean
  readonly act: (action: DeskAction) => void
  readonly moveTo: (at: number) => void
  /** Reads the next part of the list. @returns all rows that are there then, and how many are left */
  readonly readMore: () => Promise<{ readonly desk: Desk; readonly left: number }>
  /** A customer was mapped by the form. */
  readonly chosen: (tenantId: string, says: string) => void
  readonly never: (tenantId: string, reason: string) => void
  readonly accepted: (acceptance: string, tenantIds: readonly string[]) => void
  readonly takenBack: (tenantIds: readonly string[]) => void
}

/** The desk with its requests: who is accepted is saved while the next one is looked at. */
export function useDesk(program: string): DeskNow {
  const [desk, setDesk] = useState<Desk>(emptyDesk)
  const [list, setList] = useState<List | null>(null)
  const [said, setSaid] = useState('')
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isReading, setReading] = useState(false)
  // What is there now, for what goes on after an answer.
  const now = useRef({ desk: emptyDesk, left: 1, reading: null as Promise<unknown> | null })
  const put = useCallback((change: (desk: Desk) => Desk) => {
    now.current.desk = change(now.current.desk)
    setDesk(now.current.desk)
  }, [])

  const readMore = useCallback(async () => {
    const { rows } = now.current.desk
    const after = rows.at(-1)?.customer.tenantId
    const asked = async () => {
      setReading(true)
      try {
        const { customers, ...rest } = await callApi('GET /api/programs/{program}/suggestions', {
          path: { program },
          query: { additions: 'yes', ...(after === undefined ? {} : { after }) },
        })
        now.current.left = rest.left
        setList(rest)
        put((before) => withMore(before, customers))
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        setProblem(error.problem)
        // Nothing is read again and again by itself.
        now.current.left = 0
      } finally {
        setReading(false)
        now.current.reading = null
      }
    }
    now.current.reading ??= asked()
    await now.current.reading
    return now.current
  }, [program, put])

  const begun = useRef(false)
  useEffect(() => {
    if (begun.current) return
    begun.current = true
    void readMore()
  }, [readMore])

  /** To the next one that waits; where none is read, the next part of the list is. */
  const goOn = async (after: number) => {
    const next = nextOpen(now.current.desk, after)
    if (next !== null) return put(() => next)
    const before = now.current.desk.rows.length
    if (now.current.left > 0) {
      await readMore()
      if (now.current.desk.rows.length > before) return put((found) => movedTo(found, before))
    }
    const first = nextOpen(now.current.desk, -1)
    if (first === null) setSaid((text) => `${text} That was the last one of the list.`)
    else put(() => first)
  }
  const nameOf = (tenantId: string): string =>
    now.current.desk.rows.find(({ customer }) => customer.tenantId === tenantId)?.customer.name ?? 'It'
  const decided = (tenantId: string, state: RowState, text: string) => {
    const at = now.current.desk.rows.findIndex(({ customer }) => customer.tenantId === tenantId)
    put((before) => withState(before, tenantId, state))
    setSaid(text)
    return goOn(at)
  }

  const accept = async ({ customer, state }: DeskRow, which: 'suggested' | 'second') => {
    if (state.is === 'saving' || state.is === 'mapped' || state.is === 'never') return
    const { tenantId, name } = customer
    const chosen = chosenBy(customer[which])
    if (chosen === null)
      return setSaid(`No agreement is suggested for ${name}: press O to choose another company or agreement.`)
    setProblem(null)
    void decided(tenantId, { is: 'saving', chosen }, `${name} goes to ${chosen.says}.`)
    try {
      const { acceptance } = await callApi('POST /api/programs/{program}/customers/match', {
        path: { program },
        body: { matches: [{ tenantId, companyId: chosen.companyId, agreementId: chosen.agreementId }] },
      })
      put((before) => withState(before, tenantId, { is: 'mapped', says: chosen.says, acceptance }))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const says = error.problem.detail
      put((before) => withState(before, tenantId, { is: 'failed', says }))
      setSaid(`${name} was not mapped: ${says}`)
    }
  }

  const undo = async ({ customer: { tenantId, name }, state }: DeskRow) => {
    if (state.is !== 'mapped' || state.acceptance === null)
      return setSaid('Go to a customer that was accepted here, then press U to take that back.')
    const { acceptance } = state
    try {
      const { takenBack, kept } = await callApi(
        'POST /api/programs/{program}/customers/match/{acceptance}/undo',
        { path: { program, acceptance } },
      )
      put((before) => takenBack.reduce((each, id) => withState(each, id, { is: 'waiting' }), before))
      const why = kept.find((each) => each.tenantId === tenantId)?.says
      setSaid(why === undefined ? `${name} waits again.` : `${name} stays mapped. ${why}`)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
    }
  }

  return {
    ...desk,
    list,
    said,
    problem,
    isReading,
    readMore,
    act(action) {
      const row = now.current.desk.rows[now.current.desk.at]
      if (row === undefined) return
      if (isMove(action)) {
        const isLast = now.current.desk.at === now.current.desk.rows.length - 1
        if (action === 'next' && isLast && now.current.left > 0) void goOn(now.current.desk.at)
        else put((before) => moved(before, action))
      } else if (action === 'accept') void accept(row, 'suggested')
      else if (action === 'second') void accept(row, 'second')
      else if (action === 'undo') void undo(row)
      else if (action === 'skip' && row.state.is === 'waiting')
        void decided(row.customer.tenantId, { is: 'skipped' }, `${row.customer.name} is skipped.`)
    },
    moveTo: (at) => put((before) => movedTo(before, at)),
    chosen: (tenantId, says) =>
      void decided(
        tenantId,
        { is: 'mapped', says, acceptance: null },
        `${nameOf(tenantId)} goes to ${says}.`,
      ),
    never: (tenantId, reason) =>
      void decided(
        tenantId,
        { is: 'never', reason },
        `${nameOf(tenantId)} is never mapped, and stands at the end of the page.`,
      ),
    accepted(acceptance, tenantIds) {
      put((before) =>
        before.rows.reduce((each, { customer }) => {
          const chosen = chosenBy(customer.suggested)
          return chosen === null || !tenantIds.includes(customer.tenantId)
            ? each
            : withState(each, customer.tenantId, { is: 'mapped', says: chosen.says, acceptance })
        }, before),
      )
      setSaid(`${tenantIds.length} customers were mapped.`)
      void goOn(-1)
    },
    takenBack(tenantIds) {
      const listed = new Set(now.current.desk.rows.map(({ customer }) => customer.tenantId))
      put((before) => tenantIds.reduce((each, id) => withState(each, id, { is: 'waiting' }), before))
      setSaid(
        `${tenantIds.length === 1 ? nameOf(tenantIds[0] ?? '') : `${tenantIds.length} customers`} ${tenantIds.length === 1 ? 'waits' : 'wait'} again.`,
      )
      if (tenantIds.every((id) => listed.has(id))) return
      // They were decided before the list was read.
      put(() => emptyDesk)
      void readMore()
    },
  }
}
