/** Which agreement of a company is likely the one for Microsoft's subscriptions (J7). */
import { type AgreementBooked, type Booked, ENOUGH_RARITY } from './booked.ts'

export interface LikelyAgreement {
  readonly id: number
  readonly name: string
  /** False: the best guess of several that come close. */
  readonly isLikely: boolean
  /** In words, as they end "Suggested: …". */
  readonly reason: string
}

/** What partners call an agreement that Microsoft's subscriptions are billed on. */
const SPEAKS = /microsoft|\bm365\b|\bo365\b|365|\bcsp\b|\bnce\b|\boffice\b|\bazure\b|\bcloud\b|licen[cs]/i

/** `null`: none of them can be billed on. */
export function likelyAgreement({ agreements }: Booked): LikelyAgreement | null {
  const fit = agreements.filter(({ agreement }) => agreement.isFit)
  const said = (of: AgreementBooked, reason: string, isLikely: boolean): LikelyAgreement => ({
    id: of.agreement.id,
    name: of.agreement.name,
    isLikely,
    reason,
  })
  const [first, second] = fit
  if (first === undefined) return null
  const holder = agreements.find(({ serials }) => serials > 0)
  if (holder !== undefined)
    return first.serials > 0
      ? said(
          first,
          'its additions carry the subscriptions’ ids',
          (second?.serials ?? 0) === 0 && holder === first,
        )
      : said(first, 'the additions with the subscriptions’ ids are on one that cannot be billed on', false)
  if (first.rarity >= ENOUGH_RARITY)
    return said(
      first,
      'its additions have the customer’s quantities',
      first.rarity >= 2 * (second?.rarity ?? 0),
    )
  if (second === undefined) return said(first, 'the only one that can be billed on', true)
  const speaking = fit.filter(({ agreement }) => SPEAKS.test(agreement.name))
  const [named = first] = speaking
  return speaking.length === 1
    ? said(named, 'the only one named after Microsoft’s', first.equal === 0 || named === first)
    : said(first, `one of ${fit.length} that can be billed on`, false)
}
