import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readRecords } from './records.ts'
import { hasLostCharacters, isStorable, storable } from './storable-text.ts'

const schema = z.object({ id: z.number(), price: z.number(), of: z.object({ name: z.string() }).optional() })
const good = { id: 1, price: 5 }
const read = (rows: readonly unknown[]) => readRecords(schema, rows, (row) => row['id'])

describe('a foreign list', () => {
  it('keeps what is readable and names what is not, and why [J16]', () => {
    const rows = [
      good,
      { id: 2, price: null },
      { id: 3 },
      { id: 4, price: 'x' },
      { id: 5, price: 1, of: { name: 7 } },
      { id: 6, price: ' ' },
    ]
    expect(read(rows)).toEqual({
      records: [good],
      setAside: [
        { record: '2', reason: 'price is missing' },
        { record: '3', reason: 'price is missing' },
        { record: '4', reason: 'price is not understood' },
        { record: '5', reason: 'of.name is not understood' },
        { record: '6', reason: 'price is missing' },
      ],
    })
  })

  it('says what people call a field, where that is known', () => {
    const row = { id: 5, price: 1, of: { name: 7 } }
    const labelOf = (path: string) => (path === 'of.name' ? 'Name' : path)
    expect(readRecords(schema, [row], () => '', labelOf).setAside).toEqual([
      { record: 'row 1 of the list', reason: 'Name is not understood' },
    ])
  })

  it('names a record without a name by its place', () => {
    expect(read([good, null, 7, [], {}, { id: '\u0000 ' }]).setAside.map(({ record }) => record)).toEqual(
      [2, 3, 4, 5, 6].map((row) => `row ${row} of the list`),
    )
  })

  it('shows a name cut, and never in the middle of a character', () => {
    const [aside] = read([{ id: '😀'.repeat(100) }]).setAside
    expect(aside?.record).toBe(`${'😀'.repeat(80)}…`)
  })
})

describe('storable text', () => {
  it('holds no U+0000 and no lone surrogate, and is left alone where it had none', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', '\u0000', '\ud800', '\udc00x'),
        (text, odd) => {
          expect(isStorable(storable(text + odd))).toBe(true)
          if (isStorable(text)) expect(storable(text)).toBe(text)
        },
      ),
    )
  })

  it('of an id that lost a character on its way is told from a whole one', () => {
    for (const lost of ['sub-1\ud83d', '\udc00sub-1', 'sub\ufffd1'])
      expect(hasLostCharacters(lost)).toBe(true)
    for (const whole of ['', 'sub-1', 'sub-😀', 'sub-\u0000']) expect(hasLostCharacters(whole)).toBe(false)
  })
})
