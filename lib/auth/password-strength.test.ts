import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commonPasswords } from './common-passwords.ts'
import { commonWords } from './common-words.ts'
import { passwordProblem } from './password-strength.ts'

const ann = { email: 'ann.smith@northwind.example', names: ['Ann Smith', 'Northwind Managed Services'] }

describe('a password', () => {
  it.each([
    ['aaaaaaaaaa', 'too few different'],
    ['          ', 'too few different'],
    ['abababababab', 'too few different'],
    ['1234567890', 'number'],
    ['4815162342', 'number'],
    ['19840512190', 'number'],
    ['qwertyuiop', 'row'],
    ['abcdefghij', 'row'],
    ['qwertyasdfgh', 'row'],
    ['1qaz2wsx3edc', 'row'],
    ['ann.smith@northwind.example', 'your address'],
    ['Ann.Smith1', 'your address'],
    ['annsmith2026', 'your address'],
    ['northwind.example!', 'your address'],
    ['NorthwindManagedServices1', 'your address'],
    ['Password123!', 'tried first'],
    ['P@ssw0rd2026', 'tried first'],
    ['passwordpassword', 'tried first'],
    ['!!Welcome1234', 'tried first'],
    ['Summer2026!!', 'tried first'],
    ['sunshine-monkey', 'tried first'],
    ['iloveyou12345', 'tried first'],
    ['ConnectWise1!', 'tried first'],
  ])('%s is refused, with the reason and what to do', (password, reason) => {
    const problem = passwordProblem(password, ann)
    expect(problem).toContain(reason)
    expect(problem).toContain('Choose another')
    expect(problem).not.toContain(password)
  })

  it.each([
    'a-long-password',
    'demo-owner-password',
    'a long and quiet river',
    'correct horse battery staple',
    'xK7#mq2Lp9',
    'Anneliese backt montags',
    'grünes Boot im Nebel',
    '83610274659301827465',
  ])('%s is taken', (password) => {
    expect(passwordProblem(password, ann)).toBeNull()
  })

  it('on a list is refused however it is written, and whatever digits and signs stand around it', () => {
    const listed = fc.constantFrom(...commonWords)
    const around = fc
      .array(fc.constantFrom(...'0123456789!?.-_'.split('')), { maxLength: 6 })
      .map((each) => each.join(''))
    fc.assert(
      fc.property(listed, around, around, fc.boolean(), (word, before, after, isLoud) => {
        const password = `${before}${isLoud ? word.toUpperCase() : word}${after}`
        expect(passwordProblem(password, ann)).not.toBeNull()
      }),
    )
    for (const password of commonPasswords) expect(passwordProblem(password, ann), password).not.toBeNull()
  })

  it('that is drawn from 62 signs at random is never taken for a frequent one', () => {
    const sign = fc.constantFrom(
      ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'.split(''),
    )
    const drawn = fc.array(sign, { minLength: 14, maxLength: 30 }).map((each) => each.join(''))
    fc.assert(
      fc.property(drawn, (password) => {
        fc.pre(new Set(password.toLowerCase()).size >= 8)
        expect(passwordProblem(password, ann)).toBeNull()
      }),
    )
  })
})
