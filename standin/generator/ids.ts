/**
 * Ids that know their place: a GUID that says which tenant or subscription it is of, so that looking one up needs no
 * index of a million ids. The rest of it is a check, so that an id of another seed, or a made-up one, is not found.
 */
import { hash, purposes } from './draws.ts'

const kinds = { tenant: 1, subscription: 2, agreement: 3, product: 4, sku: 5, term: 6 } as const

export interface Place {
  /** Of the tenant, agreement or product, counted from 0; of all partners together. */
  readonly index: number
  /** Of the subscription in its tenant; 0 for the others. */
  readonly within: number
}

/** Up to 16,777,216 things of a kind, with as many in each. */
export function idOf(seed: number, kind: keyof typeof kinds, index: number, within = 0): string {
  const place = hex(index, 6) + hex(within, 6)
  const check = hex(hash(seed, purposes.id, kinds[kind], index, within), 8)
  const more = hex(hash(kinds[kind], within, index, seed), 8)
  return `${check}-${more.slice(0, 4)}-4${more.slice(4, 7)}-8${kinds[kind]}${more.slice(6)}-${place}`
}

/** The place that an id of this seed and kind is of, in any case of letters; `null` for any other text. */
export function placeOf(seed: number, kind: keyof typeof kinds, id: string): Place | null {
  const digits = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-([0-9a-f]{6})([0-9a-f]{6})$/i.exec(id)
  if (digits === null) return null
  const [index, within] = [Number.parseInt(digits[1] ?? '', 16), Number.parseInt(digits[2] ?? '', 16)]
  return idOf(seed, kind, index, within) === id.toLowerCase() ? { index, within } : null
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
