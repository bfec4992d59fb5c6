import type { MonthRow } from '#app/api/schemas/months.ts'
import { termSays } from '#app/ui/month/term-names.ts'

type State = MonthRow['state']

export const STATES: Readonly<Record<State, { text: string; tone: 'good' | 'warn' | 'bad' | 'quiet' }>> = {
  failed: { text: 'Failed', tone: 'bad' },
  waits: { text: 'Waits for you', tone: 'warn' },
  open: { text: 'Not billed', tone: 'warn' },
  differs: { text: 'Differs', tone: 'quiet' },
  agrees: { text: 'Agrees', tone: 'good' },
}

type Row = Pick<MonthRow, 'customers' | 'agreement' | 'bill' | 'terms' | 'message' | 'state'>

const LINES: Readonly<Record<string, string>> = {
  'lines/unclaimed': 'Lines of nobody known',
  'lines/contested': 'Contested lines',
  'lines/nobodysLines': 'Nobody’s lines',
  'lines/badLines': 'Unreadable lines',
}

/** Whose bill it is. */
export const billName = ({ customers, agreement, bill }: Row): string =>
  customers.map(({ name }) => name).join(', ') || LINES[bill] || agreement?.companyName || 'An agreement'

/** Why it is as it is: what a sync said, else its first term. */
export const reasonOf = ({ terms, message, state }: Row): string => {
  if (message !== null) return message
  const [first] = terms
  if (first === undefined) return state === 'agrees' ? '' : 'To be looked at'
  return termSays(first.term)
}
