import { describe, expect, it } from 'vitest'
import { lostBetween } from './lost-between.ts'

const moment = /At$/

describe('What a later answer says otherwise', () => {
  it('is nothing where it says the same and more, or only a moment differs', () => {
    const before = { name: 'Coho', rows: [{ sum: '1.10', checkedAt: 'now' }], note: null }
    const after = {
      name: 'Coho',
      rows: [{ sum: '1.10', checkedAt: 'later', cost: '1.00' }],
      note: null,
      more: 1,
    }
    expect(lostBetween(before, after, moment)).toEqual([])
  })

  it('is told by its place, with both values', () => {
    const before = { rows: [{ sum: '1.10' }, { sum: '2.20' }], gone: { of: 1 }, kept: null }
    const after = { rows: [{ sum: '1.11' }, { sum: '2.20' }, { sum: '3' }], kept: 0 }
    expect(lostBetween(before, after, moment)).toEqual([
      '/rows: 2 entries, and then 3',
      '/rows/0/sum: "1.10", and then "1.11"',
      '/gone: then nothing',
      '/kept: null, and then 0',
    ])
  })
})
