import { describe, expect, it } from 'vitest'
import {
  aboveLine,
  actionOf,
  chosenBy,
  type Desk,
  emptyDesk,
  moved,
  movedTo,
  nextOpen,
  type RowState,
  reasonsText,
  type Suggested,
  sureText,
  type WaitingCustomer,
  withMore,
  withState,
} from './desk.ts'

const suggested = (more: Partial<Suggested> = {}): Suggested => ({
  company: { id: 7, name: 'Adatum', identifier: 'Adatum', website: '' },
  score: 92,
  isLikely: true,
  evidence: [
    { kind: 'domain', reason: 'same domain' },
    { kind: 'name', reason: 'same name' },
  ],
  agreement: { id: 70, name: 'Microsoft CSP', isLikely: true, reason: 'the only one' },
  ...more,
})

const customer = (tenantId: string, more: Partial<WaitingCustomer> = {}): WaitingCustomer => ({
  tenantId,
  name: tenantId,
  domain: `${tenantId}.example`,
  suggested: suggested(),
  second: null,
  isAboveLine: true,
  invoiced: null,
  ...more,
})

const deskOf = (...ids: readonly string[]): Desk =>
  withMore(
    emptyDesk,
    ids.map((id) => customer(id)),
  )
const key = (name: string, more: object = {}) =>
  actionOf({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...more })

describe('the keys of the desk', () => {
  it('are one for each thing to do, whether letters are large or small [J7]', () => {
    expect(
      ['Enter', '2', 'o', 'O', 's', 'n', 'u', 'j', 'k', 'ArrowDown', 'ArrowUp', 'Home', 'End'].map((name) =>
        key(name),
      ),
    ).toEqual([
      'accept',
      'second',
      'other',
      'other',
      'skip',
      'never',
      'undo',
      'next',
      'previous',
      'next',
      'previous',
      'first',
      'last',
    ])
  })

  it('leave others, and those held with Control, to the browser', () => {
    expect(['Tab', 'Escape', 'x', 'F5', ' ', 'constructor'].map((name) => key(name))).toEqual(
      Array(6).fill(null),
    )
    expect(key('n', { ctrlKey: true })).toBe(null)
    expect(key('ArrowUp', { altKey: true })).toBe(null)
    expect(key('s', { metaKey: true })).toBe(null)
  })
})

describe('the list', () => {
  it('takes the next part at its end and keeps what was decided of those it has', () => {
    const decided = withState(deskOf('a', 'b'), 'b', { is: 'skipped' })
    const more = withMore(decided, [customer('b'), customer('c')])
    expect(more.rows.map(({ customer: { tenantId }, state }) => [tenantId, state.is])).toEqual([
      ['a', 'waiting'],
      ['b', 'skipped'],
      ['c', 'waiting'],
    ])
  })

  it('goes on to the next one that somebody has to decide, also where a mapping was refused', () => {
    const states: readonly RowState[] = [
      { is: 'mapped', says: 'there', acceptance: null },
      { is: 'skipped' },
      { is: 'never', reason: 'ours' },
      { is: 'failed', says: 'not so' },
      { is: 'waiting' },
    ]
    const ids = ['a', 'b', 'c', 'd', 'e']
    const desk = states.reduce((each, state, at) => withState(each, ids[at] ?? '', state), deskOf(...ids))
    expect(nextOpen(desk, -1)?.at).toBe(3)
    expect(nextOpen(desk, 3)?.at).toBe(4)
    expect(nextOpen(desk, 4)).toBe(null)
  })

  it('moves by one, to the first and to the last, and stays inside', () => {
    const desk = deskOf('a', 'b', 'c')
    expect([moved(desk, 'next').at, moved(desk, 'previous').at, moved(desk, 'last').at]).toEqual([1, 0, 2])
    expect(moved(moved(desk, 'last'), 'next').at).toBe(2)
    expect(moved(moved(desk, 'last'), 'first').at).toBe(0)
    expect(movedTo(emptyDesk, 5).at).toBe(0)
  })
})

describe('a suggestion', () => {
  it('says how sure it is in a word and a figure, and why', () => {
    expect(
      [suggested(), suggested({ isLikely: false, score: 50 }), suggested({ isLikely: false, score: 49 })].map(
        sureText,
      ),
    ).toEqual(['Likely, 92 of 100', 'Possible, 50 of 100', 'A guess, 49 of 100'])
    expect(reasonsText(suggested())).toBe('same domain, same name')
  })

  it('can be accepted only where it names an agreement', () => {
    expect(chosenBy(suggested())).toEqual({ companyId: 7, agreementId: 70, says: 'Adatum, Microsoft CSP' })
    expect(chosenBy(suggested({ agreement: null }))).toBe(null)
    expect(chosenBy(null)).toBe(null)
  })

  it('is accepted with the others where it is above the line and nobody has decided', () => {
    const desk = withMore(emptyDesk, [
      customer('a'),
      customer('b', { isAboveLine: false }),
      customer('c'),
      customer('d', { suggested: suggested({ agreement: null }) }),
      customer('e'),
    ])
    const skipped = withState(desk, 'c', { is: 'skipped' })
    expect(aboveLine(skipped).map((each) => each.customer.tenantId)).toEqual(['a', 'e'])
  })
})
