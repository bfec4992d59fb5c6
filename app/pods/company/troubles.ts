/** What stands on top of a company: what is wrong, what waits and what leaks, each with its money and its button. */
import type { CompanyAgreement, CompanyContent, SuggestedCustomer } from '#app/api/schemas/company.ts'
import { difference, isNegative, isZero, magnitude, moneyText, sum } from '#app/ui/kit/money.ts'
import { firstSyncText } from '#app/ui/plan/first-sync.ts'
import { monthName } from '#lib/billing/format.ts'
import { invoiceName } from '#lib/billing/invoice-month.ts'
import type { Period } from '#lib/billing/types.ts'
import { mayBeMapped, programsOn } from './agreement-state.ts'

export interface Trouble {
  readonly key: string
  readonly tone: 'bad' | 'warn'
  /** The agreement, or the customer. */
  readonly of: string
  readonly says: string
  readonly remedy: string | null
  /** `A$48.30 not billed` */
  readonly money: string | null
  readonly action:
    | { readonly kind: 'open' | 'sync'; readonly agreement: CompanyAgreement; readonly text: string }
    | { readonly kind: 'map'; readonly suggested: SuggestedCustomer; readonly text: string }
    | null
}

type OfAgreement = Omit<Trouble, 'key' | 'of'>

/** Errors first, then what is only to be looked at; inside each the agreements as they are listed, then customers that nobody bills. */
export function troublesOf(content: CompanyContent): Trouble[] {
  const { agreements, currency, programs, may } = content
  const on = programsOn(programs)
  const canMap = may.map && agreements.some(mayBeMapped)
  const all = [
    ...programs
      .filter(({ slug }) => !on.has(slug) && agreements.some((each) => isMappedFor(each, slug)))
      .map(programOff),
    ...agreements.flatMap((agreement) =>
      troublesOfAgreement(agreement, { currency, isProgramOn: on.has(agreement.program.slug), may }).map(
        (trouble, i) => ({ ...trouble, key: `${agreement.id}/${i}`, of: agreement.name }),
      ),
    ),
    ...content.suggested.flatMap((suggested) => notMapped(suggested, currency, canMap)),
  ]
  return all.toSorted((a, b) => Number(a.tone !== 'bad') - Number(b.tone !== 'bad'))
}

const isMappedFor = ({ program, tenants }: CompanyAgreement, slug: string): boolean =>
  program.slug === slug && tenants.length > 0

const programOff = ({ slug, name }: CompanyContent['programs'][number]): Trouble => ({
  key: `program/${slug}`,
  tone: 'warn',
  of: name,
  says: 'Sync is off for the whole program.',
  remedy: `An owner switches it on in Prism Pod, on the page of ${name}.`,
  money: null,
  action: null,
})

interface Given {
  readonly currency: string
  readonly isProgramOn: boolean
  readonly may: CompanyContent['may']
}

function troublesOfAgreement(agreement: CompanyAgreement, given: Given): OfAgreement[] {
  const { tenants, findings, running } = agreement
  const open = (text: string): Trouble['action'] => ({ kind: 'open', agreement, text })
  const left = agreement.moved
    .filter(({ isDone }) => !isDone)
    .map(({ name, goesTo }) => ({
      tone: 'warn' as const,
      says: `${name} ${goesTo === null ? 'is mapped here no more' : `moved to ${goesTo}`}, and what it has here is not settled yet.`,
      remedy: null,
      money: null,
      action: open('Open'),
    }))
  if (tenants.length === 0) return left
  const errors = (findings ?? []).filter(({ severity }) => severity === 'error')
  const unfit = errors.map(({ message, remedy }) => {
    // A sync met the same: its money is of this.
    const same = agreement.causes.flatMap((cause) => (cause.message === message ? (cause.amounts ?? []) : []))
    return {
      tone: 'bad' as const,
      says: message,
      remedy,
      money: gapText(summed(same), given.currency),
      action: open('Open'),
    }
  })
  const isTold = (said: string): boolean => errors.some(({ message }) => message === said)
  // While it syncs, what it found before is not what it will find.
  return running === null
    ? [...unfit, ...foundIn(agreement, given, open, isTold), ...left]
    : [...unfit, ...left]
}

function foundIn(
  agreement: CompanyAgreement,
  { currency, isProgramOn, may }: Given,
  open: (text: string) => Trouble['action'],
  isTold: (said: string) => boolean,
): OfAgreement[] {
  const { result, proof, causeCount, behind, tenants } = agreement
  const causes = agreement.causes.filter(({ message }) => !isTold(message))
  const found: OfAgreement[] = []
  const isLookedAt = result?.status === 'Error' || result?.status === 'Warning'
  if (isLookedAt && result.message !== null && !isTold(result.message))
    found.push({
      tone: result.status === 'Error' ? 'bad' : 'warn',
      says: result.message,
      remedy: result.remedy,
      money: gapText(proof, currency),
      action: open('Open'),
    })
  found.push(
    ...causes.map(({ product, severity, message, remedy, from, to, amounts }) => ({
      tone: severity === 'error' ? ('bad' as const) : ('warn' as const),
      says: `${product === null ? '' : `${product}, `}${monthsText(from, to)}: ${message}`,
      remedy,
      money: gapText(amounts, currency),
      action: open(proof?.waiting ? 'Answer' : 'Open'),
    })),
  )
  if (causeCount > agreement.causes.length)
    found.push({
      tone: 'warn',
      says: `${causeCount - agreement.causes.length} more.`,
      remedy: null,
      money: null,
      action: open('Show all'),
    })
  if (found.length === 0 && agreement.causes.length === 0 && proof !== null && proof.verdict.tone !== 'good')
    found.push({
      tone: proof.verdict.tone,
      says: [proof.verdict.sentence, ...proof.verdict.terms.map(termText)].join(' '),
      remedy: null,
      money: gapText(proof, currency, proof.verdict.tone === 'warn'),
      action: open('Open'),
    })
  const off = tenants.filter(({ syncs }) => !syncs)
  if (!isProgramOn) return found
  if (off.length > 0)
    found.push({
      tone: 'warn',
      says: `Sync is off for ${off.map(({ name }) => name).join(', ')}.`,
      remedy: null,
      money: null,
      action: open(may.map ? 'Switch on' : 'Open'),
    })
  else if (behind !== null)
    found.push({
      tone: 'warn',
      says:
        result === null
          ? `Not synced yet. ${firstSyncText(behind.period)}`
          : `The ${invoiceName(behind.period)} is not synced yet.`,
      remedy: null,
      money: gapText({ invoiced: behind.price, billed: '0' }, currency),
      action: may.sync ? { kind: 'sync', agreement, text: 'Sync now' } : open('Open'),
    })
  return found
}

/** What was invoiced and what is billed, in all. */
export function summed(all: readonly { readonly invoiced: string; readonly billed: string }[]) {
  return {
    invoiced: all.reduce((whole, { invoiced }) => sum(whole, invoiced), '0'),
    billed: all.reduce((whole, { billed }) => sum(whole, billed), '0'),
  }
}

const termText = ({ amount, reason }: { readonly amount: string; readonly reason: string }): string =>
  `${amount} ${reason}.`

const monthsText = (from: Period, to: Period): string =>
  from === to ? monthName(from) : `${monthName(from)} to ${monthName(to)}`

/** What lies between two amounts, and whose loss it is, unless it has its reason; `null` where nothing does. */
function gapText(
  amounts: { readonly invoiced: string; readonly billed: string } | null,
  currency: string,
  isExplained = false,
): string | null {
  if (amounts === null) return null
  const gap = difference(amounts.invoiced, amounts.billed)
  if (isZero(gap)) return null
  const loss = isExplained ? 'difference' : isNegative(gap) ? 'billed too much' : 'not billed'
  return `${moneyText(magnitude(gap), currency)} ${loss}`
}

/** A customer that is mapped nowhere and may be this company: what PRISM invoices of it nobody bills. */
function notMapped(suggested: SuggestedCustomer, currency: string, canMap: boolean): Trouble[] {
  const { customer, reasons, price } = suggested
  if (customer.mapping !== null) return []
  const { period } = customer.firstSync ?? {}
  return [
    {
      key: `customer/${customer.tenantId}`,
      tone: 'warn',
      of: customer.name,
      says: `This customer is not mapped. Suggested: ${reasons.join(', ')}.`,
      remedy: null,
      money:
        price === null || period === undefined || isZero(price)
          ? null
          : `${moneyText(price, currency)} of ${monthName(period)} not billed`,
      action: canMap ? { kind: 'map', suggested, text: 'Map' } : null,
    },
  ]
}
