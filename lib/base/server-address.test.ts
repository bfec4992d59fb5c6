import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressProblem } from './server-address.ts'

const postgres = {
  schemes: ['postgres', 'postgresql'],
  example: 'postgres://user:password@host:port/database',
}
const problem = (text: string): string | null => addressProblem(text, postgres)

describe('an address with a password', () => {
  it.each([
    'postgres://u:pass@h/d',
    'postgresql://u:p%23a%2Fs%3Fs%40%25%20@db.example:6432/d?sslmode=require',
    'postgres://u:p@[::1]:5432/d',
    'postgres://h/d',
    'postgres://u:p@h',
    'POSTGRES://u:p@h/d',
    'postgres://u:p@/d?host=/var/run/postgresql',
    'postgres://u:p@h/d?application_name=pod@home',
    'postgres://u:p:with:colons@h/d',
  ])('is good as %s', (text) => expect(problem(text)).toBeNull())

  it.each([
    ['postgres://u:pa#ss@h/d', '“#”', '%23'],
    ['postgres://u:12#34@h/d', '“#”', '%23'],
    ['postgres://u:p@a#ss@h/d', '“#”', '%23'],
    ['postgres://u:pa/ss@h/d', '“/”', '%2F'],
    ['postgres://u:12/34@h/d', '“/”', '%2F'],
    ['postgres://u:pa?ss@h/d', '“?”', '%3F'],
    ['postgres://u:pa@ss@h/d', '“@”', '%40'],
    ['postgres://u:pa%ss@h/d', '“%”', '%25'],
    ['postgres://u:pass%@h/d', '“%”', '%25'],
    ['postgres://u:pa%ffss@h/d', '“%”', '%25'],
    ['postgres://u:pa ss@h/d', 'a space', '%20'],
  ])('as %s names %s and how it is written, %s', (text, character, code) => {
    const sentence = problem(text)
    expect(sentence).toContain(character)
    expect(sentence).toContain(`written ${code}`)
  })

  it.each([
    ['mysql://u:p@h/d', 'starts with mysql://, but must start with postgres:// or postgresql://'],
    ['h:5432/d', 'must start with postgres://'],
    ['postgres:u:p@h', 'must start with postgres://'],
    ['postgres:///d', 'names no server'],
    ['postgres://u:p@/d', 'names no server'],
    ['postgres://u:p@h:70000/d', 'no port from 1 to 65535'],
    ['postgres://u:p@h:0/d', 'no port from 1 to 65535'],
    ['postgres://u:p@h:5432,g:5432/d', 'no port from 1 to 65535'],
    ['postgres://u:secret/d', 'no port from 1 to 65535'],
    ['postgres://u:p@h[/d', 'must look like postgres://'],
  ])('as %s: %s', (text, words) => expect(problem(text)).toContain(words))

  it('never repeats a password, whatever it is, and takes every one that is encoded [B5]', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 6 }), (password) => {
        const encoded = encodeURIComponent(password)
        expect(problem(`postgres://u:${encoded}@h:5432/d`)).toBeNull()
        const sentence = problem(`postgres://u:${password}@h:5432/d`) ?? ''
        expect(sentence.includes(password)).toBe(false)
      }),
    )
  })
})
