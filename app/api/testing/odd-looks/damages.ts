/** Draws what is odd in a look from its seed. */
import { type Draws, drawsFor } from '#standin/generator/draws.ts'
import { answerDamages } from './answer-damage.ts'
import { connectWiseDamages } from './connectwise-damage.ts'
import type { Damage, DamageKind } from './damage.ts'
import { fileDamages } from './file-damage.ts'
import { prismDamages } from './prism-damage.ts'
import type { SmallPartner } from './small-partner.ts'

const kinds = [...prismDamages, ...fileDamages, ...connectWiseDamages, ...answerDamages]
const weightOfAll = kinds.reduce((sum, [weight]) => sum + weight, 0)

/** One to three damages; the same ones for the same seed. */
export function damagesOf(seed: number, small: SmallPartner): Damage[] {
  const draws = drawsFor(seed, 'extra')
  const many = draws.weighted({ one: 6, two: 3, three: 1 })
  const count = { one: 1, two: 2, three: 3 }[many]
  const found = Array.from({ length: count }, () => kindIn(draws)(draws, small))
  // Two changes of one file or list would undo what the other one promises.
  return found.filter(
    ({ words }, at) => found.findIndex((each) => placeOf(each.words) === placeOf(words)) === at,
  )
}

function kindIn(draws: Draws): DamageKind {
  let left = draws.whole(0, weightOfAll - 1)
  for (const [weight, kind] of kinds) {
    left -= weight
    if (left < 0) return kind
  }
  throw new Error('The weights do not sum')
}

/** The list or file that a damage is to, by how its words begin. */
const places =
  /^(PRISM's (tenant|price list|invoice)|May's invoice file|(ConnectWise's|the) additions of agreement \d+|ConnectWise's (agreement|catalog))/
const placeOf = (words: string): string =>
  (places.exec(words)?.[0] ?? words).replace(/^the additions/, "ConnectWise's additions")
