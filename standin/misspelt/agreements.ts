/** Agreements of a company, with the additions that somebody wrote for what its tenants bought. */
import type { Draws } from '../generator/draws.ts'
import { products } from './words.ts'

export type Book = 'empty' | 'by-hand' | 'synced'

export interface WrittenAgreement {
  readonly id: number
  readonly name: string
  /** Whether a month can be billed on it at all. */
  readonly isFit: boolean
  readonly additions: readonly {
    readonly serialNumber: string
    readonly product: string
    readonly quantity: number
  }[]
}

interface Bought {
  readonly product: string
  readonly quantity: number
}

/** Few seats of a product or two in most cases, as small businesses buy. */
export function boughtBy(draws: Draws): Bought[] {
  const seats = draws.weighted({ few: 60, some: 30, many: 10 })
  const most = seats === 'few' ? 12 : seats === 'some' ? 60 : 400
  const chosen = new Set(Array.from({ length: draws.whole(1, 5) }, () => draws.pick(products)))
  return [...chosen].map((product) => ({ product, quantity: draws.whole(1, most) }))
}

const OTHERS = ['Managed Services', 'Backup', 'Block Time', 'Telephony', 'Hardware as a Service'] as const
const OURS = [
  'Microsoft 365',
  'Office 365',
  'CSP',
  'Microsoft CSP Licensing',
  'Cloud Services',
  'NCE',
] as const

interface Owner {
  readonly subscriptions: readonly (Bought & { readonly id: string })[]
}

export function agreementsOf(
  companyId: number,
  tenants: readonly Owner[],
  book: Book,
  draws: Draws,
): { readonly agreements: WrittenAgreement[]; readonly agreementId: number } {
  const ids = Array.from({ length: draws.whole(1, 4) }, (_, at) => companyId * 10 + at)
  const position = draws.whole(0, ids.length - 1)
  const isBookedBesides = tenants.length === 0 && draws.chance(25)
  const bought = isBookedBesides ? [{ subscriptions: withIds(boughtBy(draws), draws) }] : tenants
  const agreements = ids.map((id, at) => {
    const isOurs = at === position
    const name = isOurs && draws.chance(70) ? draws.pick(OURS) : draws.pick(OTHERS)
    const written = isOurs && book !== 'empty' && draws.chance(85) ? bought : []
    return {
      id,
      name,
      isFit: isOurs || draws.chance(70),
      additions: written.flatMap(({ subscriptions }) => additionsOf(subscriptions, book, draws)),
    }
  })
  return { agreements, agreementId: ids[position] ?? companyId * 10 }
}

const withIds = (all: readonly Bought[], draws: Draws): (Bought & { readonly id: string })[] =>
  all.map((each) => ({ ...each, id: `elsewhere-${draws.whole(0, 2 ** 31)}` }))

/** People forget one in ten, write a wrong number of one in five, and keep no serial number. */
function additionsOf(
  subscriptions: Owner['subscriptions'],
  book: Book,
  draws: Draws,
): WrittenAgreement['additions'] {
  return subscriptions
    .filter(() => !draws.chance(10))
    .map(({ id, product, quantity }) => {
      const isWrong = draws.chance(book === 'synced' ? 3 : 20)
      return {
        serialNumber: draws.chance(book === 'synced' ? 92 : 2) ? id : '',
        product,
        quantity: isWrong ? Math.max(1, quantity + draws.whole(-2, 3)) : quantity,
      }
    })
}
