/** A file of mappings as rows of cells: whatever separates and quotes them, in whichever order its columns are. */
import { CsvError, parse } from 'csv-parse/sync'
import { exportHeadings, type Role, roleOf } from './columns.ts'
import { UnreadableFile } from './text-of.ts'

/** More than any partner has customers; the file's size is bounded by who takes it in. */
export const MOST_ROWS = 20_000
/** Characters of a cell that any id, domain or name may have. */
const LONGEST_CELL = 300

export interface FileRow {
  /** As the spreadsheet counts: the headings are row 1 where they come first. */
  readonly row: number
  /** Trimmed; `''` where the cell is empty or there is no such column. */
  readonly cells: Readonly<Record<Role, string>>
  /** What is wrong with its cells; `column` is the heading, `null` where no single one is. */
  readonly problems: readonly RowProblem[]
}

export interface RowProblem {
  readonly column: string | null
  readonly says: string
}

export interface MappingFile {
  readonly rows: readonly FileRow[]
  /** By role, as the file writes them. */
  readonly headings: Readonly<Partial<Record<Role, string>>>
  /** Headings of columns that are not used. */
  readonly unused: readonly string[]
}

interface Header {
  readonly delimiter: string
  readonly cells: readonly string[]
}

/** Throws `UnreadableFile`. @param text as `textOf` gives it */
export function readMappingFile(text: string): MappingFile {
  const { body, separator } = withoutSeparatorLine(text)
  const header = headerOf(body, separator)
  const columns = header.cells.map(roleOf)
  requireColumns(columns, header.cells)
  const records = recordsOf(body, header.delimiter)
  const skipped = separator === null ? 0 : 1
  const at = records.findIndex((cells) => !isEmpty(cells))
  const rows = records.slice(at + 1).flatMap((cells, below): FileRow[] => {
    if (isEmpty(cells)) return []
    return [rowOf(cells, columns, header.cells, at + below + 2 + skipped)]
  })
  if (rows.length === 0) throw new UnreadableFile('The file has headings and no customer below them.')
  if (rows.length > MOST_ROWS)
    throw new UnreadableFile(`The file has ${rows.length} rows; ${MOST_ROWS} are taken at once.`)
  return {
    rows,
    headings: Object.fromEntries(
      columns.flatMap((role, at) => (role === null ? [] : [[role, trimmed(header.cells[at] ?? '')]])),
    ),
    unused: header.cells.map(trimmed).filter((heading, at) => heading !== '' && columns[at] === null),
  }
}

const isEmpty = (cells: readonly string[]): boolean => cells.every((cell) => trimmed(cell) === '')

/** Excel writes and obeys a first line that names the separator. */
function withoutSeparatorLine(text: string): { readonly body: string; readonly separator: string | null } {
  const found = /^\uFEFF?"?sep=(.)"?\r?\n/i.exec(text)
  return found === null
    ? { body: text, separator: null }
    : { body: text.slice(found[0].length), separator: found[1] ?? null }
}

const delimiters = [';', ',', '\t', '|']

/** The separator with which the most headings are understood. */
function headerOf(body: string, separator: string | null): Header {
  const candidates = (separator === null ? delimiters : [separator]).flatMap((delimiter) => {
    const cells = firstRecord(body, delimiter)
    return cells === undefined ? [] : [{ delimiter, cells }]
  })
  const understood = ({ cells }: Header) => cells.filter((cell) => roleOf(cell) !== null).length
  const best = candidates.toSorted((a, b) => understood(b) - understood(a))[0]
  if (best === undefined || understood(best) === 0)
    throw new UnreadableFile(
      `The first row has none of the headings that are known: ${exportHeadings.join(', ')}.`,
    )
  return best
}

function requireColumns(columns: readonly (Role | null)[], headings: readonly string[]): void {
  for (const [at, role] of columns.entries()) {
    const first = columns.indexOf(role)
    if (role !== null && first !== at)
      throw new UnreadableFile(
        `Two columns are the same: “${trimmed(headings[first] ?? '')}” and “${trimmed(headings[at] ?? '')}”. Keep one of them.`,
      )
  }
  if (!columns.includes('tenantId') && !columns.includes('domain'))
    throw new UnreadableFile('No column says which customer a row is: add “Tenant ID” or “Domain”.')
  if (!columns.some((role) => role === 'agreementId' || role === 'agreementName' || role === 'sync'))
    throw new UnreadableFile('No column says where a customer goes: add “Agreement ID” or “Agreement”.')
}

/** The first record that is not empty, whatever is wrong with those below it. */
function firstRecord(body: string, delimiter: string): string[] | undefined {
  try {
    const records = parse(body, {
      ...parsing(delimiter),
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      to: 1,
    })
    return records[0]
  } catch (error) {
    if (error instanceof CsvError) return undefined
    throw error
  }
}

const parsing = (delimiter: string) => ({ delimiter, bom: true, relax_column_count: true }) as const

function recordsOf(body: string, delimiter: string): string[][] {
  try {
    return parse(body, { ...parsing(delimiter), skip_empty_lines: false })
  } catch (error) {
    if (error instanceof CsvError) throw new UnreadableFile(quotingSentence(error))
    throw error
  }
}

/** What is wrong with the quotes of a file; nothing else keeps it from being cut into cells. */
const quotingSentence = (error: CsvError): string => {
  const { lines } = error as CsvError & { readonly lines?: unknown }
  const where = typeof lines === 'number' ? `In line ${lines} a` : 'A'
  return `${where} quotation mark is not closed, or stands inside a cell that is not quoted. Save the sheet as CSV again.`
}

/** Of spaces that people see and of those that they do not. */
export const trimmed = (text: string): string => text.replaceAll(/[\s\u00A0\u200B\uFEFF]+/g, ' ').trim()

/** Our own file has an apostrophe before what a spreadsheet would take for a formula. */
const unguarded = (text: string): string => (/^'[=+\-@]/.test(text) ? text.slice(1) : text)

function rowOf(
  cells: readonly string[],
  columns: readonly (Role | null)[],
  headings: readonly string[],
  row: number,
): FileRow {
  const empty: Record<Role, string> = {
    tenantId: '',
    domain: '',
    customer: '',
    companyId: '',
    companyIdentifier: '',
    companyName: '',
    agreementId: '',
    agreementName: '',
    sync: '',
  }
  const problems: RowProblem[] = []
  for (const [at, role] of columns.entries()) {
    if (role === null) continue
    const cell = unguarded(trimmed(cells[at] ?? ''))
    if (cell.length > LONGEST_CELL)
      problems.push({ column: trimmed(headings[at] ?? ''), says: `It has ${cell.length} characters.` })
    empty[role] = cell.slice(0, LONGEST_CELL)
  }
  if (cells.slice(columns.length).some((cell) => trimmed(cell) !== ''))
    problems.push({
      column: null,
      says: 'It has more cells than there are headings: a name with a separator in it has to be in quotes.',
    })
  return { row, cells: empty, problems }
}
