/** How a month of an agreement compares with what ConnectWise says, in words and a colour (J6, J13). */
import type { SecondProof } from '#app/api/schemas/second-proof.ts'
import type { InvoicingRead } from '#db/invoicing/own-invoices.ts'
import type { SecondProofRow } from '#db/invoicing/second-proofs.ts'
import { decimal, money } from '#lib/billing/decimal.ts'
import { monthName } from '#lib/billing/format.ts'
import { type InstanceRule, isSettled, type Verdicts } from '#lib/proof/billing-rules.ts'
import { secondTerms } from '#lib/proof/second.ts'

/** Those that something is wrong with; the others say why the amounts are meant to differ. */
export const wrongTerms: readonly string[] = ['unexplained', 'lost', 'lines', 'amended']

export interface Known {
  readonly verdicts: Verdicts
  readonly read: InvoicingRead | null
}

/** What is known of it decides the colour: while a rule on which its amounts depend is not settled, nothing is red. */
export const shownProof = (row: SecondProofRow, { verdicts, read }: Known): SecondProof => {
  const provedAt = row.provedAt.toISOString()
  const nothing = {
    amount: null,
    source: 'none',
    difference: null,
    terms: [] as SecondProof['terms'],
    provedAt,
  } as const
  if (row.state === 'missing')
    return {
      ...nothing,
      tone: 'quiet',
      says: 'invoiced, not read',
      why:
        read !== null && !read.mayRead
          ? 'The API member’s role may not read invoices: give it Finance / Invoicing, Inquire.'
          : 'ConnectWise has invoiced it, and no invoice of it was read so far.',
    }
  if (row.state === 'not-invoiced') return { ...ofForecast(row, verdicts), provedAt }
  const terms = shownTerms(row.terms)
  const difference = money(decimal(row.invoicedSoFar).minus(row.billedSoFar))
  const compared = { amount: row.invoiced, source: 'invoices', difference, terms, provedAt } as const
  const unsettled = row.doubts.filter((rule) => !isSettled(verdicts, rule as InstanceRule))
  const since = `Its invoices since ${monthName(row.since)} together`
  if (row.state === 'blind')
    return {
      ...compared,
      tone: 'quiet',
      says: 'cannot tell',
      why: `${since}; it was invoiced before the agreement was read, so nobody can say what of.`,
    }
  if (terms.some(({ term }) => wrongTerms.includes(term)))
    return unsettled.length === 0
      ? { ...compared, tone: 'bad', says: 'differs', why: `${since}, against what the additions bill.` }
      : {
          ...compared,
          tone: 'quiet',
          says: 'cannot tell',
          why: `${since} differ, but what they count is not known of this ConnectWise: verify it under Connections.`,
        }
  const isHeaderKnown = !unsettled.includes('header')
  return isHeaderKnown
    ? { ...compared, tone: 'good', says: terms.length === 0 ? 'agrees' : 'explained', why: `${since}.` }
    : {
        ...compared,
        tone: 'quiet',
        says: 'agrees, not verified',
        why: `${since}; which of their amounts are additions is not known of this ConnectWise: verify it under Connections.`,
      }
}

/** In the order of `secondTerms`. */
export const shownTerms = (terms: SecondProofRow['terms']): SecondProof['terms'] =>
  Object.entries(terms)
    .map(([term, amount]) => ({ term, amount: amount }))
    .sort((a, b) => placeOf(a.term) - placeOf(b.term))
const placeOf = (term: string): number => (secondTerms as readonly string[]).indexOf(term)

/** Before it is invoiced there is its forecast alone. */
const ofForecast = (
  { expectedNext, forecast, noForecast, doubts }: SecondProofRow,
  verdicts: Verdicts,
): Omit<SecondProof, 'provedAt'> => {
  const none = { amount: null, source: 'none', difference: null, terms: [] as SecondProof['terms'] } as const
  if (forecast === null || expectedNext === null)
    return {
      ...none,
      tone: 'quiet',
      says: 'not invoiced yet',
      why:
        noForecast === null
          ? 'ConnectWise has not invoiced it.'
          : `ConnectWise has not invoiced it, and its forecast cannot tell: ${noForecast}.`,
    }
  const difference = money(decimal(forecast).minus(expectedNext))
  const said = {
    amount: forecast,
    source: 'forecast',
    difference,
    terms: [] as SecondProof['terms'],
  } as const
  if (decimal(difference).eq(0))
    return {
      ...said,
      tone: isSettled(verdicts, 'forecast') ? 'good' : 'quiet',
      says: 'forecast agrees',
      why: 'ConnectWise’s forecast of the next invoice is what the additions are to bill on it.',
    }
  const isKnown =
    verdicts.forecast === 'holds' && doubts.every((rule) => isSettled(verdicts, rule as InstanceRule))
  return {
    ...said,
    tone: isKnown ? 'bad' : 'quiet',
    says: isKnown ? 'forecast differs' : 'cannot tell',
    why: isKnown
      ? 'ConnectWise’s forecast of the next invoice is not what the additions are to bill on it.'
      : 'ConnectWise’s forecast differs, but whether it holds what is caught up is not known: verify it under Connections.',
  }
}
