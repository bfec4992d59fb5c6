/** The file that a spreadsheet saves is read, whatever separates, quotes and encodes it (E1). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MOST_ROWS, readMappingFile } from './read.ts'
import { isOn } from './switches.ts'
import { textOf, UnreadableFile } from './text-of.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const read = (text: string) => readMappingFile(textOf(bytes(text)))
const reasonOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof UnreadableFile) return error.reason
    throw error
  }
  throw new Error('Nothing was wrong')
}

const utf16 = (text: string, bigEndian = false): Uint8Array => {
  const found = Buffer.from(`\uFEFF${text}`, 'utf16le')
  return bigEndian ? found.swap16() : found
}

describe('the text of a file', () => {
  const text = 'Domain,Agreement\r\nmüller.example,Größe “M”\r\n'
  it('is UTF-8 with and without its mark, and UTF-16 with its mark', () => {
    for (const file of [bytes(text), bytes(`\uFEFF${text}`), utf16(text), utf16(text, true)])
      expect(textOf(file)).toBe(text)
  })
  it('is Windows-1252 where it is no UTF-8, as a western Excel saves it', () => {
    expect(textOf(Uint8Array.of(0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72, 0x80))).toBe('Müller€')
  })
  it('is refused, with what to do, where it is a workbook, no text, or nothing', () => {
    expect(reasonOf(() => textOf(bytes('PK\u0003\u0004')))).toMatch(/workbook.*CSV UTF-8/)
    expect(reasonOf(() => textOf(bytes('a\0b')))).toMatch(/no text/)
    expect(reasonOf(() => textOf(bytes('\uFEFF \r\n')))).toMatch(/empty/)
  })
})

describe('the rows of a file', () => {
  const cells = { tenantId: 'a-1', domain: '', agreementId: '12', agreementName: '', sync: 'on' }
  it('are cut by commas, semicolons, tabs, or what its first line says', () => {
    for (const file of [
      'Tenant ID,Agreement ID,Sync\na-1,12,on',
      'Tenant ID;Agreement ID;Sync\r\na-1;12;on\r\n',
      'Tenant ID\tAgreement ID\tSync\r\na-1\t12\ton\r\n\r\n',
      'sep=;\r\nTenant ID;Agreement ID;Sync\r\na-1;12;on\r\n',
      '"Tenant ID";"Agreement ID";"Sync"\r\n" a-1 ";"12";"on"\r\n',
    ])
      expect(read(file).rows).toMatchObject([{ cells, problems: [] }])
  })
  it('have their columns by their headings, in any order, case and spelling, and others are named', () => {
    const { rows, unused, headings } = read('SYNC,my notes, agreement-id ,TENANT_ID\non,x,12,a-1')
    expect(rows).toMatchObject([{ row: 2, cells }])
    expect(unused).toEqual(['my notes'])
    expect(headings).toEqual({ sync: 'SYNC', agreementId: 'agreement-id', tenantId: 'TENANT_ID' })
  })
  it('are counted as the spreadsheet counts them: empty rows and cells of several lines included', () => {
    const file = read('\r\nDomain,Agreement\r\n"a.example","Two\r\nlines"\r\n,\r\n\r\nb.example,Two\r\n\r\n')
    expect(file.rows.map(({ row, cells: { domain } }) => [row, domain])).toEqual([
      [3, 'a.example'],
      [6, 'b.example'],
    ])
    expect(read('sep=;\nDomain;Sync\na.example;on').rows[0]?.row).toBe(3)
  })
  it('lose spaces that nobody sees, and the apostrophe before what would be a formula', () => {
    const { rows } = read(
      `Domain,Agreement\n\u00A0a.example\u200B ,"'=Gold  \u00A0 Plan"\nb.example,'s Gravenhage`,
    )
    expect(rows.map(({ cells: { domain, agreementName } }) => [domain, agreementName])).toEqual([
      ['a.example', '=Gold Plan'],
      ['b.example', "'s Gravenhage"],
    ])
  })
  it('say so where a name with a separator in it is not quoted, or a cell is too long', () => {
    const { rows } = read(`Domain,Agreement\na.example,Gold, Silver\nb.example,${'x'.repeat(400)}`)
    expect(rows.map(({ problems }) => problems)).toEqual([
      [{ column: null, says: expect.stringContaining('more cells than there are headings') }],
      [{ column: 'Agreement', says: 'It has 400 characters.' }],
    ])
  })
  it('are none, with what to do, where the headings do not say what a row is', () => {
    expect(reasonOf(() => read('a-1,12,on'))).toMatch(/none of the headings.*Tenant ID, Domain/)
    expect(reasonOf(() => read('Domain,Tenant ID'))).toMatch(/where a customer goes/)
    expect(reasonOf(() => read('Agreement,Sync\nGold,on'))).toMatch(/which customer a row is/)
    expect(reasonOf(() => read('Domain,Primary domain,Agreement\na,b,c'))).toMatch(
      /same: “Domain” and “Primary domain”/,
    )
    expect(reasonOf(() => read('Domain,Agreement\n'))).toMatch(/no customer below/)
    expect(reasonOf(() => read('Domain,Agreement\na.example,"Gold\nb.example,Silver'))).toMatch(
      /quotation mark is not closed/,
    )
    const many = `Domain,Sync\n${'a.example,on\n'.repeat(MOST_ROWS + 1)}`
    expect(reasonOf(() => read(many))).toMatch(`${MOST_ROWS} are taken`)
  })
  it('come back as they were written, whatever they hold, separated and quoted in every way', () => {
    const cell = fc
      .string({ unit: 'grapheme', maxLength: 40 })
      .map((text) => `x${text.replaceAll('\0', '')}x`)
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        (pairs, delimiter, end) => {
          const lines = pairs.map((pair) => pair.map(quoted).join(delimiter))
          const file = read([`Domain${delimiter}Agreement`, ...lines, ''].join(end))
          expect(file.rows.map(({ cells: { domain, agreementName } }) => [domain, agreementName])).toEqual(
            pairs.map((pair) => pair.map((text) => text.replaceAll(/[\s\u00A0\u200B\uFEFF]+/g, ' '))),
          )
        },
      ),
    )
  })
  it('never end in anything but rows or a sentence, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (tail, hasHeader) => {
        const file = hasHeader ? new Uint8Array([...bytes('Domain;Agreement\n'), ...tail]) : tail
        try {
          expect(readMappingFile(textOf(file)).rows.length).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableFile)
        }
      }),
    )
  })
})

it('reads on and off as people and spreadsheets write them, and nothing else', () => {
  expect(['on', 'Yes', 'TRUE', '1', 'WAHR', 'vrai'].map(isOn)).toEqual(Array(6).fill(true))
  expect(['OFF', 'no', 'False', '0', 'FALSCH', 'faux'].map(isOn)).toEqual(Array(6).fill(false))
  expect(['', 'maybe', '2', 'onn'].map(isOn)).toEqual(Array(4).fill(null))
})
