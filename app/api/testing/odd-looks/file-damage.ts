/** Damage to May's invoice file: lines, header, form of the text. */
import { parse } from 'csv-parse/sync'
import type { Draws } from '#standin/generator/draws.ts'
import {
  changing,
  type Damage,
  type DamageKind,
  everywhere,
  held,
  lists,
  nowhere,
  type Reach,
} from './damage.ts'
import { pickOf, sameNumber } from './odd-values.ts'
import { agreementOfSubscription, newSku, type SmallPartner } from './small-partner.ts'

/** A file as rows of fields, the header first. */
type Rows = readonly (readonly string[])[]

const readRows = (text: string): Rows => parse(text, { bom: true, relax_column_count: true })
const quoted = (field: string): string =>
  /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
const line = (fields: readonly string[]): string => fields.map(quoted).join(',')
const writeRows = (rows: Rows, lineEnd: (at: number) => string = () => '\n'): string =>
  `\uFEFF${rows.map((fields, at) => line(fields) + lineEnd(at)).join('')}`

interface FileDamage {
  readonly words: string
  readonly reach: Reach
  readonly heals?: boolean
  readonly change: (text: string) => string | Buffer
}

const fileDamage = ({ words, reach, heals = false, change }: FileDamage): Damage => ({
  words: `May's invoice file: ${words}`,
  reach,
  heals,
  intercept: changing(lists.fileOfMay, (answer) => ({
    ...answer,
    body: Buffer.from(change(answer.body.toString('utf8'))),
  })),
})

// ───────────────────────────── one line ─────────────────────────────

/** A line by the subscription that it is of; the first of it. */
interface Spot {
  readonly subscriptionId: string
  readonly agreementId: number
}

function spotIn(draws: Draws, small: SmallPartner): Spot {
  const { subscriptionId } = pickOf(draws, small.histories.filter(isInvoicedInMay))
  return { subscriptionId, agreementId: agreementOfSubscription(small, subscriptionId) ?? 0 }
}

const isInvoicedInMay = (history: SmallPartner['histories'][number]): boolean =>
  history.kind !== 'licences' || !history.events.some(({ kind, on }) => kind === 'end' && on === '2026-05-01')

const changeLine =
  ({ subscriptionId }: Spot, change: (fields: readonly string[], header: readonly string[]) => Rows) =>
  (text: string): string => {
    const [header = [], ...rows] = readRows(text)
    const at = rows.findIndex((fields) => fields[header.indexOf('SubscriptionId')] === subscriptionId)
    const found = rows[at]
    if (found === undefined) throw new Error(`No line of ${subscriptionId}`)
    return writeRows([header, ...rows.slice(0, at), ...change(found, header), ...rows.slice(at + 1)])
  }

const setField = (spot: Spot, column: string, value: (before: string) => string) =>
  changeLine(spot, (fields, header) => [
    fields.map((field, at) => (at === header.indexOf(column) ? value(field) : field)),
  ])

/** The new product's item is made for one subscription: where that one waits, so does the item. */
const only = ({ agreementId }: Spot): Reach => ({ agreements: [agreementId], skus: [newSku] })

const numberColumns = [
  'UnitPrice',
  'UnitPriceRrp',
  'Quantity',
  'BillableRatio',
  'SubTotal',
  'SubTotalRrp',
] as const
const unreadableNumbers = [
  '',
  'null',
  'NULL',
  'NaN',
  'Infinity',
  '∞',
  'five',
  '1e',
  '--5',
  '5 0',
  '0x5',
  '٥',
  '1,2,3',
  '#N/A',
  '1e999999999',
  '9'.repeat(400),
  '\0',
] as const
const unreadableDates = [
  '',
  'null',
  '2026-02-31T00:00:00',
  '05/11/2026',
  '0001-01-01',
  '2026-5-1',
  '46143',
  'soon',
] as const

/** An unreadable field of a line that says whose it is: that line's subscription alone waits. */
const unreadableField: DamageKind = (draws, small) => {
  const spot = spotIn(draws, small)
  const isNumber = draws.chance(70)
  const column = isNumber ? draws.pick(numberColumns) : draws.pick(['ChargeStartDate', 'ChargeEndDate'])
  const value = isNumber ? draws.pick(unreadableNumbers) : draws.pick(unreadableDates)
  return fileDamage({
    words: `${column} of a line of ${spot.subscriptionId} is ${JSON.stringify(value.slice(0, 40))}`,
    reach: only(spot),
    change: setField(spot, column, () => value),
  })
}

const oddLineTexts = [
  '\0',
  '\ud83d',
  'A\0B',
  '  ',
  '',
  '\u200b',
  'x'.repeat(20_000),
  '=1+1',
  '<script>',
  '\t',
] as const

/** A term that is not understood is one: the line is annual, or is not (F4). */
const termColumns = ['BillingCycle', 'TermDurationNumber', 'TermDurationUnit'] as const

/** An odd text beside the numbers. */
const oddText: DamageKind = (draws, small) => {
  const spot = spotIn(draws, small)
  const column = draws.pick([
    'ResellerName',
    'PrimaryDomainName',
    'OfferName',
    'LineDescription',
    'AgreementNumber',
    'PurchaseOrderNumber',
    'CustomerName',
    ...termColumns,
  ])
  const value = draws.pick(oddLineTexts)
  const isTerm = termColumns.some((each) => each === column)
  return fileDamage({
    words: `${column} of a line of ${spot.subscriptionId} is ${JSON.stringify(value.slice(0, 20))}`,
    reach: { ...only(spot), otherTruth: isTerm ? [spot.agreementId] : [] },
    change: setField(spot, column, () => value),
  })
}

/** The same numbers in other forms: nothing changes for anyone. */
const otherForm: DamageKind = (draws, small) => {
  const spot = spotIn(draws, small)
  const column = draws.pick(numberColumns)
  const { words } = sameNumber(draws, '0')
  const form = (before: string) =>
    ({
      'with an exponent': `${before}E0`,
      'with zeros': `${before}${before.includes('.') ? '' : '.'}0000000`,
      'with a plus sign': `+${before}`,
      'between spaces': ` ${before} `,
    })[words] ?? before
  return fileDamage({
    words: `${column} of a line of ${spot.subscriptionId} is written ${words}`,
    reach: nowhere,
    change: setField(spot, column, form),
  })
}

const negative: DamageKind = (draws, small) => {
  const spot = spotIn(draws, small)
  const column = draws.pick(['Quantity', 'SubTotal', 'SubTotalRrp'])
  return fileDamage({
    words: `${column} of a line of ${spot.subscriptionId} is negative`,
    reach: held,
    change: setField(spot, column, (before) => `-${before}`),
  })
}

const outOfMonth: DamageKind = (draws, small) => {
  const spot = spotIn(draws, small)
  const [column, day] = pickOf(draws, [
    ['ChargeStartDate', '2026-04-30'],
    ['ChargeEndDate', '2026-06-01'],
  ] as const)
  return fileDamage({
    words: `a line of ${spot.subscriptionId} lies outside of the month`,
    reach: held,
    change: setField(spot, column, () => `${day}T00:00:00.0000000+00:00`),
  })
}

const noSubscription: DamageKind = (draws, small) => {
  const spot = spotIn(draws, small)
  const value = draws.pick(['', '  ', '\0'])
  return fileDamage({
    words: `a line of ${spot.subscriptionId} has ${JSON.stringify(value)} as its subscription`,
    reach: held,
    change: setField(spot, 'SubscriptionId', () => value),
  })
}

/** Counted twice, as the file says; everybody else is as they were. */
const lineTwice: DamageKind = (draws, small) => {
  const spot = spotIn(draws, small)
  return fileDamage({
    words: `a line of ${spot.subscriptionId} is there twice`,
    reach: { ...only(spot), otherTruth: [spot.agreementId] },
    change: changeLine(spot, (fields) => [fields, fields]),
  })
}

const strangersLine: DamageKind = (draws, small) => {
  const spot = spotIn(draws, small)
  const strange = {
    SubscriptionId: 'ffffffff-0000-4000-8000-000000000000',
    PrimaryDomainName: 'nobody.example',
    CustomerName: 'Nobody',
  }
  return fileDamage({
    words: "a line is nobody's",
    reach: nowhere,
    change: changeLine(spot, (fields, header) => [
      fields,
      fields.map((field, at) => strange[header[at] as keyof typeof strange] ?? field),
    ]),
  })
}

const widthOfLine: DamageKind = (draws, small) => {
  const spot = spotIn(draws, small)
  const [words, change] = pickOf(draws, [
    ['a field too many', (fields: readonly string[]) => [...fields, 'extra']],
    ['only half of its fields', (fields: readonly string[]) => fields.slice(0, 9)],
  ] as const)
  return fileDamage({
    words: `a line of ${spot.subscriptionId} has ${words}`,
    reach: everywhere,
    change: changeLine(spot, (fields) => [change(fields)]),
  })
}

const brokenQuote: DamageKind = (draws, small) => {
  const { subscriptionId } = spotIn(draws, small)
  const broken = draws.pick([`"${subscriptionId}`, `"${subscriptionId}"x`, `${subscriptionId}"x"`])
  return fileDamage({
    words: `the quotes of a line of ${subscriptionId} are broken`,
    reach: everywhere,
    change: (text) => text.replace(subscriptionId, broken),
  })
}

// ───────────────────────────── header and form ─────────────────────────────

const changeHeader: DamageKind = (draws) => {
  const column = draws.pick([
    ...numberColumns,
    'SubscriptionId',
    'OfferName',
    'ChargeStartDate',
    'ChargeEndDate',
  ])
  const [words, change, isThere] = pickOf(draws, [
    ['is called otherwise', (name: string) => `${name}X`, false],
    ['has no name', () => '', false],
    // Read without it: the column is there.
    ['has a NUL in its name', (name: string) => `${name}\0`, true],
  ] as const)
  return fileDamage({
    words: `the column ${column} ${words}`,
    reach: isThere ? nowhere : column === 'BillableRatio' ? everywhere : held,
    heals: true,
    change: (text) => {
      const [header = [], ...rows] = readRows(text)
      return writeRows([header.map((name) => (name === column ? change(name) : name)), ...rows])
    },
  })
}

/** Forms of the same content. */
const otherFile: DamageKind = (draws) => {
  const mixed = (at: number) => (at % 2 === 0 ? '\r\n' : '\n')
  const [words, change] = pickOf(draws, [
    ['line ends are mixed', (rows: Rows) => writeRows(rows, mixed)],
    ['there is no byte order mark', (rows: Rows) => writeRows(rows).slice(1)],
    ['the last line has no end', (rows: Rows) => writeRows(rows).trimEnd()],
    ['empty lines stand in between', (rows: Rows) => writeRows(rows, () => '\n\n')],
    [
      'a column is added',
      (rows: Rows) => writeRows(rows.map((row, at) => [...row, at === 0 ? 'More' : '1'])),
    ],
    ['the columns are in another order', (rows: Rows) => writeRows(rows.map((row) => row.toReversed()))],
    [
      'the header has spaces',
      (rows: Rows) => writeRows(rows.map((row, at) => (at === 0 ? row.map((name) => ` ${name} `) : row))),
    ],
    [
      'every field is quoted',
      (rows: Rows) =>
        `\uFEFF${rows.map((row) => `${row.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')}\n`).join('')}`,
    ],
  ] as const)
  return fileDamage({ words, reach: nowhere, change: (text) => change(readRows(text)) })
}

/** Not read, or held: right at the next look. */
const notTheFile: DamageKind = (draws) => {
  const [words, change] = pickOf(draws, [
    ['it is empty', () => ''],
    ['it is a byte order mark alone', () => '\uFEFF'],
    ['it has a header only', (text: string) => writeRows(readRows(text).slice(0, 1))],
    ['it is a page', () => '<!DOCTYPE html><html><body>Please sign in</body></html>'],
    ['it is JSON', () => '{"Message":"An error has occurred."}'],
    ['it ends inside a line', (text: string) => text.slice(0, text.lastIndexOf(',', text.length * 0.8) - 3)],
    ['it is in Latin-1', (text: string) => Buffer.from(text.slice(1), 'latin1')],
    ['it is compressed', () => Buffer.from('1f8b0800000000000003', 'hex')],
    ['it is zeros', () => Buffer.alloc(4_096)],
  ] as const)
  return fileDamage({ words, reach: held, heals: true, change })
}

/** Read rightly by its byte order mark, or refused. */
const inUtf16: DamageKind = () =>
  fileDamage({
    words: 'it is in UTF-16',
    reach: everywhere,
    heals: true,
    change: (text) => Buffer.from(text, 'utf16le'),
  })

export const fileDamages: readonly (readonly [weight: number, kind: DamageKind])[] = [
  [5, unreadableField],
  [4, oddText],
  [2, otherForm],
  [1, negative],
  [1, outOfMonth],
  [1, noSubscription],
  [1, lineTwice],
  [1, strangersLine],
  [1, widthOfLine],
  [1, brokenQuote],
  [2, changeHeader],
  [2, otherFile],
  [4, notTheFile],
  [1, inUtf16],
]
