/** How a number of tenants and subscriptions is shared out: few have much, many have little, and the sum is exact. */

export interface Sizes {
  readonly partners: number
  readonly tenants: number
  readonly subscriptions: number
}

/** The places `start` to `end - 1` of a whole. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** How unequal the owners are. Whatever it is, the first owner has the most. */
export interface Inequality {
  /** Percent of everything that is shared out steeply; the rest is shared out evenly. */
  readonly steepPercent: number
  /** Part of the owners that has half of what is shared out steeply, in thousandths. */
  readonly perMille: number
}

/** Of 3,000 partners the first has a tenth of everything, the smallest a seven-thousandth. */
export const amongPartners: Inequality = { steepPercent: 60, perMille: 1.6 }
/** Of 20,000 tenants the first has about six times the average. */
export const amongTenants: Inequality = { steepPercent: 30, perMille: 50 }

/** Which of `total` things the owner at `index` of `owners` has, computed without a table of all owners. */
export function rangeOf(index: number, owners: number, total: number, inequality: Inequality): Range {
  const before = (owner: number) => sharedBefore(owner, owners, total, inequality)
  return { start: before(index), end: before(index + 1) }
}

export function lengthOf({ start, end }: Range): number {
  return end - start
}

/** The owner of the thing at `place`; the inverse of `rangeOf`. */
export function ownerOf(place: number, owners: number, total: number, inequality: Inequality): number {
  let [low, high] = [0, owners - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (sharedBefore(middle, owners, total, inequality) <= place) low = middle
    else high = middle - 1
  }
  return low
}

/** Grows from 0 to `total`; fast at first, then evenly. Only + * / of doubles, which round the same on every machine. */
function sharedBefore(owner: number, owners: number, total: number, inequality: Inequality): number {
  if (owner >= owners) return total
  const part = owner / owners
  const bend = inequality.perMille / 1000
  const steep = (part * (1 + bend)) / (part + bend)
  const share = inequality.steepPercent / 100
  return Math.floor((share * steep + (1 - share) * part) * total)
}
