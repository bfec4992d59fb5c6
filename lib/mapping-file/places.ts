/** The company and the agreement that a row names. */
import type { Role } from './columns.ts'
import type { FileRow, MappingFile, RowProblem } from './read.ts'

export interface KnownCompany {
  readonly id: number
  readonly identifier: string
  readonly name: string
}

export interface KnownAgreement {
  readonly id: number
  readonly name: string
  readonly company: { readonly id: number; readonly name: string }
}

type Cells = FileRow['cells']
type Headings = MappingFile['headings']

/** Where the customer is mapped now. */
interface Before {
  readonly companyId: number
  readonly companyName: string
  readonly agreementId: number
  readonly agreementName: string
}

type Place = Before

/** The records that rows may name, each looked up at once. */
export interface Places {
  readonly companiesById: ReadonlyMap<number, readonly KnownCompany[]>
  /** In lower case, as the names. */
  readonly companiesByIdentifier: ReadonlyMap<string, readonly KnownCompany[]>
  readonly companiesByName: ReadonlyMap<string, readonly KnownCompany[]>
  readonly agreementsById: ReadonlyMap<number, KnownAgreement>
  readonly agreementsByCompany: ReadonlyMap<number, readonly KnownAgreement[]>
}

export const placesIn = (
  companies: readonly KnownCompany[],
  agreements: readonly KnownAgreement[],
): Places => ({
  companiesById: Map.groupBy(companies, ({ id }) => id),
  companiesByIdentifier: Map.groupBy(companies, ({ identifier }) => folded(identifier)),
  companiesByName: Map.groupBy(companies, ({ name }) => folded(name)),
  agreementsById: new Map(agreements.map((each) => [each.id, each])),
  agreementsByCompany: Map.groupBy(agreements, ({ company }) => company.id),
})

interface Found<T> {
  readonly found: T | null
  readonly problems: readonly RowProblem[]
}

const none = { found: null, problems: [] }
const folded = (text: string): string =>
  text
    .replaceAll(/[\s\u00A0]+/g, ' ')
    .trim()
    .toLowerCase()
const isSame = (a: string, b: string): boolean => folded(a) === folded(b)
const LARGEST_ID = 2_147_483_647
/** The id of a ConnectWise record, also as a spreadsheet shows it (`1,234`, `1234.00`); `null` where it is none. */
export function recordIdIn(text: string): number | null {
  const plain = text.replace(
    /^(\d{1,3})((?:[,.'\s]\d{3})+)$/,
    (_, a: string, b: string) => a + b.replaceAll(/\D/g, ''),
  )
  const digits = /^([1-9]\d{0,9})(?:[.,]0+)?$/.exec(plain)?.[1]
  return digits === undefined || Number(digits) > LARGEST_ID ? null : Number(digits)
}

const companyRoles = ['companyId', 'companyIdentifier', 'companyName'] as const

/** What has to be asked of ConnectWise before the rows can be told. */
export interface Asked {
  readonly companyIds: readonly number[]
  /** May be identifiers or names. */
  readonly companyTexts: readonly string[]
  readonly agreementIds: readonly number[]
}

/** @param stored the agreements that customers are mapped to: of a row that names one as it was mapped nothing is asked */
export function askedIn(rows: readonly FileRow[], stored: readonly KnownAgreement[]): Asked {
  const byId = new Map(stored.map((each) => [each.id, each]))
  const asking = rows.filter(({ cells }) => !isAsStored(cells, byId))
  const texts = asking.flatMap(({ cells }) => companyRoles.map((role) => cells[role])).filter(Boolean)
  const agreements = asking.flatMap(({ cells }) => [cells.agreementId, cells.agreementName])
  const ids = (all: readonly string[]) => [...new Set(all.flatMap((text) => recordIdIn(text) ?? []))]
  return { companyIds: ids(texts), companyTexts: [...new Set(texts)], agreementIds: ids(agreements) }
}

function isAsStored(cells: Cells, stored: ReadonlyMap<number, KnownAgreement>): boolean {
  const named = stored.get(recordIdIn(cells.agreementId) ?? 0)
  return (
    named !== undefined &&
    (cells.companyId === '' || recordIdIn(cells.companyId) === named.company.id) &&
    cells.companyIdentifier === '' &&
    (cells.companyName === '' || isSame(cells.companyName, named.company.name)) &&
    (cells.agreementName === '' || isSame(cells.agreementName, named.name))
  )
}

/** The companies that a cell may mean: by id or identifier; a name is one only in the column for names. */
function companiesMeant(places: Places, role: (typeof companyRoles)[number], text: string): KnownCompany[] {
  const id = recordIdIn(text)
  const byKey = [
    ...(id === null ? [] : (places.companiesById.get(id) ?? [])),
    ...(places.companiesByIdentifier.get(folded(text)) ?? []),
  ]
  const byName = role === 'companyName' ? (places.companiesByName.get(folded(text)) ?? []) : []
  return [...new Set([...byKey, ...byName])]
}

/** By id or identifier; by name where neither is given. `found: null` without a problem: the row names none. */
export function companyOf(
  cells: Cells,
  headings: Headings,
  places: Places,
  before: Before | null,
): Found<KnownCompany> {
  const given = companyRoles.filter((role) => cells[role] !== '')
  const [key] = given
  if (key === undefined) return none
  const named = companiesMeant(places, key, cells[key])
  const [first, second] = named
  if (first === undefined)
    return problem(headings, key, `ConnectWise has no company “${cells[key]}” that is not deleted.`)
  if (second !== undefined)
    return problem(
      headings,
      key,
      `${named.length} companies are called “${cells[key]}”: give the id of one (${idsOf(named)}).`,
    )
  const isMeant = (role: (typeof companyRoles)[number]): boolean =>
    companiesMeant(places, role, cells[role]).includes(first) ||
    // As it was called when the customer was mapped.
    (first.id === before?.companyId && isSame(before.companyName, cells[role]))
  const other = given.find((role) => !isMeant(role))
  if (other === undefined) return { found: first, problems: [] }
  return problem(
    headings,
    other,
    `“${cells[key]}” is the company ${first.name}, and here stands “${cells[other]}”. Correct one, or leave it empty.`,
  )
}

/** By id, else by name among its company's; where no company is named, the one that the customer is mapped to. */
export function agreementOf(
  cells: Cells,
  headings: Headings,
  places: Places,
  { company, before }: { readonly company: KnownCompany | null; readonly before: Before | null },
): Found<Place> {
  const { agreementId, agreementName } = cells
  if (agreementId === '' && agreementName === '')
    return company === null || company.id === before?.companyId
      ? none
      : problem(headings, 'agreementName', `It names no agreement of ${company.name}.`)
  if (agreementId !== '') {
    const id = recordIdIn(agreementId)
    const found = id === null ? undefined : places.agreementsById.get(id)
    if (found === undefined && (id === null || id !== before?.agreementId))
      return problem(headings, 'agreementId', `ConnectWise has no agreement ${agreementId}.`)
    // One that was deleted since is still named as it was mapped: its Sync can be switched off.
    const place = found === undefined ? before : placeOf(found)
    return place === null ? none : checked(cells, headings, place, { company, before })
  }
  const companyId = company?.id ?? before?.companyId
  if (companyId === undefined && recordIdIn(agreementName) === null)
    return problem(
      headings,
      'agreementName',
      'It names an agreement and no company: name its company, too, or give the agreement’s id.',
    )
  const ofCompany = companyId === undefined ? [] : (places.agreementsByCompany.get(companyId) ?? [])
  const named = ofCompany.filter(({ name }) => isSame(name, agreementName))
  const [first, second] = named
  if (second !== undefined)
    return problem(
      headings,
      'agreementName',
      `${second.company.name} has ${named.length} agreements called “${agreementName}”: give the id of one (${idsOf(named)}).`,
    )
  const found = first ?? places.agreementsById.get(recordIdIn(agreementName) ?? 0)
  if (found !== undefined) return checked(cells, headings, placeOf(found), { company, before })
  if (before !== null && companyId === before.companyId && isSame(before.agreementName, agreementName))
    return { found: before, problems: [] }
  const whose = company?.name ?? before?.companyName ?? 'The company'
  return problem(headings, 'agreementName', `${whose} has no agreement “${agreementName}”.`)
}

function checked(
  cells: Cells,
  headings: Headings,
  place: Place,
  { company, before }: { readonly company: KnownCompany | null; readonly before: Before | null },
): Found<Place> {
  if (company !== null && company.id !== place.companyId)
    return problem(
      headings,
      cells.agreementId === '' ? 'agreementName' : 'agreementId',
      `Agreement ${place.agreementId} belongs to ${place.companyName}, not to ${company.name}.`,
    )
  const { agreementId, agreementName } = cells
  const names = [
    place.agreementName,
    ...(before?.agreementId === place.agreementId ? [before.agreementName] : []),
  ]
  if (agreementId === '' || agreementName === '' || names.some((name) => isSame(name, agreementName)))
    return { found: place, problems: [] }
  return problem(
    headings,
    'agreementName',
    `Agreement ${agreementId} is “${place.agreementName}”, and here stands “${agreementName}”. Correct one, or leave it empty.`,
  )
}

const placeOf = ({ id, name, company }: KnownAgreement): Place => ({
  companyId: company.id,
  companyName: company.name,
  agreementId: id,
  agreementName: name,
})

const problem = (headings: Headings, role: Role, says: string): Found<never> => ({
  found: null,
  problems: [{ column: headings[role] ?? null, says }],
})

const MOST_NAMED = 5
const idsOf = (records: readonly { readonly id: number }[]): string =>
  records
    .slice(0, MOST_NAMED)
    .map(({ id }) => id)
    .join(', ')
