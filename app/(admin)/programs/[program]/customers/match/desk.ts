/** The list of customers that a clerk goes through by keyboard (J7): which stands where, and what has become of each. */
import type { MappingSuggestions } from '#app/api/schemas/suggestions.ts'

export type WaitingCustomer = MappingSuggestions['customers'][number]
export type Suggested = NonNullable<WaitingCustomer['suggested']>

/** Where a customer is to go, by ids and in words. */
export interface Chosen {
  readonly companyId: number
  readonly agreementId: number
  readonly says: string
}

export type RowState =
  | { readonly is: 'waiting' | 'skipped' }
  | { readonly is: 'saving'; readonly chosen: Chosen }
  /** `acceptance`: by it the mapping can be taken back; `null`: it was chosen by hand. */
  | { readonly is: 'mapped'; readonly says: string; readonly acceptance: string | null }
  | { readonly is: 'failed'; readonly says: string }
  | { readonly is: 'never'; readonly reason: string }

export interface DeskRow {
  readonly customer: WaitingCustomer
  readonly state: RowState
}

export interface Desk {
  readonly rows: readonly DeskRow[]
  /** The row that keys are for. */
  readonly at: number
}

export const emptyDesk: Desk = { rows: [], at: 0 }

const WAITING: RowState = { is: 'waiting' }

/** Whether somebody has still to decide; what was skipped can be decided, too, and is not come back to by itself. */
export const isOpen = ({ is }: RowState): boolean => is === 'waiting' || is === 'failed'

/** With the next part of the list; who is in it already stays as it is. */
export function withMore({ rows, at }: Desk, more: readonly WaitingCustomer[]): Desk {
  const known = new Set(rows.map(({ customer }) => customer.tenantId))
  const added = more.filter(({ tenantId }) => !known.has(tenantId))
  return { rows: [...rows, ...added.map((customer) => ({ customer, state: WAITING }))], at }
}

export function withState(desk: Desk, tenantId: string, state: RowState): Desk {
  const rows = desk.rows.map((row) => (row.customer.tenantId === tenantId ? { ...row, state } : row))
  return { ...desk, rows }
}

export const movedTo = (desk: Desk, at: number): Desk => ({
  ...desk,
  at: Math.min(Math.max(0, at), Math.max(0, desk.rows.length - 1)),
})

/** At the next row after a place of which somebody has still to decide; `null`: none comes after it. */
export function nextOpen(desk: Desk, after: number): Desk | null {
  const at = desk.rows.findIndex(({ state }, place) => place > after && isOpen(state))
  return at < 0 ? null : { ...desk, at }
}

export type DeskAction = 'accept' | 'second' | 'other' | 'skip' | 'never' | 'undo' | Move
type Move = 'next' | 'previous' | 'first' | 'last'

const KEYS: ReadonlyMap<string, DeskAction> = new Map(
  Object.entries({
    Enter: 'accept',
    '2': 'second',
    o: 'other',
    s: 'skip',
    n: 'never',
    u: 'undo',
    ArrowDown: 'next',
    j: 'next',
    ArrowUp: 'previous',
    k: 'previous',
    Home: 'first',
    End: 'last',
  } satisfies Record<string, DeskAction>),
)

interface Key {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

/** What a key on a row does; `null`: nothing. Those of the browser and the system are left to them. */
export function actionOf({ key, ctrlKey, metaKey, altKey }: Key): DeskAction | null {
  if (ctrlKey || metaKey || altKey) return null
  return KEYS.get(key.length === 1 ? key.toLowerCase() : key) ?? null
}

export function moved(desk: Desk, move: Move): Desk {
  const to = { next: desk.at + 1, previous: desk.at - 1, first: 0, last: desk.rows.length - 1 }[move]
  return movedTo(desk, to)
}

export const isMove = (action: DeskAction): action is Move =>
  action === 'next' || action === 'previous' || action === 'first' || action === 'last'

/** Where the customer goes with a suggestion; `null` where it names no agreement. */
export function chosenBy(suggested: Suggested | null): Chosen | null {
  if (suggested === null || suggested.agreement === null) return null
  const { company, agreement } = suggested
  return {
    companyId: company.id,
    agreementId: agreement.id,
    says: `${company.name}, ${agreement.name}`,
  }
}

/** From this score on a suggestion is more than a guess. */
const POSSIBLE = 50

/** The score as a word, with the figure that it stands for. */
export function sureText({ isLikely, score }: Suggested): string {
  const word = isLikely ? 'Likely' : score >= POSSIBLE ? 'Possible' : 'A guess'
  return `${word}, ${score} of 100`
}

export const reasonsText = ({ evidence }: Suggested): string =>
  evidence.map(({ reason }) => reason).join(', ')

/** The customers that may be accepted all at once, and where they go. */
export function aboveLine(desk: Desk): { readonly customer: WaitingCustomer; readonly chosen: Chosen }[] {
  return desk.rows.flatMap(({ customer, state }) => {
    const chosen = chosenBy(customer.suggested)
    return customer.isAboveLine && chosen !== null && isOpen(state) ? [{ customer, chosen }] : []
  })
}
