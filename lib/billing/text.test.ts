import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutText } from './text.ts'

describe('a text cut to a length [D2]', () => {
  it.each([
    ['short', 60, 'short'],
    ['abcdef', 3, 'abc'],
    ['ab😀', 3, 'ab'],
    ['ab😀', 4, 'ab😀'],
    ['abe\u0301x', 3, 'ab'],
    ['a👩‍👩‍👧', 5, 'a'],
  ])('%j to %d is %j', (text, longest, expected) => {
    expect(cutText(text, longest)).toBe(expected)
  })

  it('is a beginning of the text, no longer than asked, and whole characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(70), (text, longest) => {
        const cut = cutText(text, longest)
        expect(text.startsWith(cut) && cut.length <= longest && cut.isWellFormed()).toBe(true)
      }),
    )
  })
})
