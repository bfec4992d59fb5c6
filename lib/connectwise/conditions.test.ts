import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { among, batches, encodedLength, equals, wider } from './conditions.ts'

describe('conditions', () => {
  it('quote a text, but never one that holds a quote: how it is escaped is not known', () => {
    expect(equals('name', 'Each')).toBe('name = "Each"')
    expect(equals('name', `12" screen 'XL'`)).toBe('name like "%screen%"')
    expect(wider('name', `'"`)).toBe('')
  })

  it('never send a quote of a text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(equals('name', text).replace(/^name (=|like) "|"$/g, '')).not.toMatch(/["'\\]/)
      }),
    )
  })

  it('are cut into batches that keep to both limits, with nothing lost', () => {
    const condition = (batch: readonly string[]) => among('vendorSku', batch)
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 60 }), { maxLength: 120 }), (skus) => {
        const found = batches(skus, { most: 35, longest: 400 }, condition)
        expect(found.flat()).toEqual(skus)
        for (const batch of found) {
          expect(batch.length).toBeLessThanOrEqual(35)
          expect(batch.length === 1 || encodedLength(condition(batch)) <= 400).toBe(true)
        }
      }),
    )
  })
})
