/** Passwords that are tried first, whatever their length. */
import { ProductError } from '#lib/base/errors.ts'
import { commonPasswords } from './common-passwords.ts'
import { commonWords } from './common-words.ts'

/** Whom the password is of: what everybody knows of them is no secret. */
export interface PasswordOf {
  readonly email: string
  /** Their own, their organisation's. */
  readonly names?: readonly string[]
}

const ADVICE = 'Choose another, for example four words that have nothing to do with each other.'
const FEWEST_CHARACTERS = 5
const SHORTEST_NUMBER = 20
/** Fewer letters of somebody's name are in many words. */
const SHORTEST_NAME = 4

/** Throws `request-invalid` with what is wrong with the password. */
export function requireStrong(password: string, of: PasswordOf): void {
  const problem = passwordProblem(password, of)
  if (problem !== null) throw new ProductError('request-invalid', problem)
}

/** What is wrong with a password, and what to do; `null` where nothing is. Never quotes it. */
export function passwordProblem(password: string, { email, names = [] }: PasswordOf): string | null {
  const text = password.normalize('NFKC').toLowerCase().trim()
  if (new Set(text).size < FEWEST_CHARACTERS)
    return `This password has too few different characters. ${ADVICE}`
  if (/^\d+$/.test(text) && text.length < SHORTEST_NUMBER) return `This password is a number. ${ADVICE}`
  if (isRun(text)) return `This password is a row of the keyboard or of the alphabet. ${ADVICE}`
  const known = [
    email.toLowerCase(),
    ...email.toLowerCase().split('@'),
    ...names.map((name) => name.toLowerCase()),
  ]
  if (known.some((each) => isMostly(text, each)))
    return `This password is your address, your name or your organisation’s, with little else. ${ADVICE}`
  if (commonPasswords.has(text) || isDressedUp(once(text)))
    return `This password is among those that are tried first. ${ADVICE}`
  return null
}

/** Whether it is the name, with or without signs, and fewer characters beside it than it has itself. */
function isMostly(text: string, name: string): boolean {
  const [bare, its] = [lettersOf(text), lettersOf(name)]
  return its.length >= SHORTEST_NAME && bare.includes(its) && bare.length - its.length < its.length
}

const lettersOf = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]/gu, '')

/** `riverriver` as `river`: writing it twice makes it no better. */
const once = (text: string): string => /^(.{2,}?)\1+$/s.exec(text)?.[1] ?? text

/** Whether it is a frequent word, or two of them, with digits and signs around it and in the places of letters. */
function isDressedUp(text: string): boolean {
  const undressed = text.replace(/^[^a-z]+|[^a-z]+$/g, '')
  return (
    isWords(undressed) || isWords(plain(text).replace(/^[^a-z]+|[^a-z]+$/g, '')) || isWords(plain(undressed))
  )
}

function isWords(text: string): boolean {
  if (commonWords.has(text) || commonPasswords.has(text)) return true
  for (let at = SHORTEST_NAME; at <= text.length - SHORTEST_NAME; at += 1)
    if (commonWords.has(text.slice(0, at)) && commonWords.has(text.slice(at).replace(/^[^a-z]+/, '')))
      return true
  return false
}

const letters: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}
const plain = (text: string): string => text.replaceAll(/[013457@$!]/g, (sign) => letters[sign] ?? sign)

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik',
  'qazwsxedcrfvtgbyhnujmik',
  'qweasdzxc',
  '1q2w3e4r5t6y7u8i9o0p',
]
const runs = [...rows, ...rows.map((row) => row.split('').reverse().join(''))]

/** Whether it is made of at most three pieces of rows, each of 3 characters or more. */
function isRun(text: string): boolean {
  let [left, pieces] = [text, 0]
  while (left !== '' && pieces < 3) {
    const length = longestPiece(left)
    if (length < 3) return false
    left = left.slice(length)
    pieces += 1
  }
  return left === ''
}

function longestPiece(text: string): number {
  let length = 0
  while (length < text.length && runs.some((row) => row.includes(text.slice(0, length + 1)))) length += 1
  return length
}
