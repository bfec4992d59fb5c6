/** Invented names. The words say nothing; the number makes the domain unique. */
import type { Draws } from './draws.ts'

const first = [
  'Amber',
  'Birch',
  'Cedar',
  'Copper',
  'Coral',
  'Delta',
  'Ember',
  'Fern',
  'Granite',
  'Harbour',
] as const
const second = ['Bay', 'Bridge', 'Creek', 'Field', 'Gate', 'Hill', 'Lake', 'Mill', 'Point', 'Ridge'] as const
const third = [
  'Accounting',
  'Books',
  'Dental',
  'Design',
  'Farms',
  'Freight',
  'Legal',
  'Motors',
  'Studio',
] as const

/** Names that a file or a page may stumble over: quotes, commas, other scripts, spaces, length. */
const awkward = [
  (name: string) => `${name}, Pty Ltd`,
  (name: string) => `"${name}" & Söhne`,
  (name: string) => `O'Neill ${name}`,
  (name: string) => `${name} 株式会社`,
  (name: string) => `  ${name}  `,
  (name: string) => `${name} <Holdings>`,
  (name: string) => `${name} ${'of the Northern and Southern Districts '.repeat(5).trim()}`,
] as const

/** `Amber Bay Dental`; one in fifty is awkward. */
export function companyName(draws: Draws): string {
  const name = `${draws.pick(first)} ${draws.pick(second)} ${draws.pick(third)}`
  return draws.chance(2) ? draws.pick(awkward)(name) : name
}

/** Of the tenant at `index`; unique. */
export function domainOf(index: number, draws: Draws): string {
  return `${draws.pick(first)}${draws.pick(second)}-${index}.example`.toLowerCase()
}
