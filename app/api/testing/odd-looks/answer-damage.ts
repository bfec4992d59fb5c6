/** Damage to whole answers: another thing than was asked for, refusals, and lines that break. */
import type { Draws } from '#standin/generator/draws.ts'
import {
  changing,
  type Damage,
  type DamageKind,
  everywhere,
  held,
  lists,
  type Matches,
  nowhere,
  type Reach,
} from './damage.ts'
import type { Answer, Intercept } from './front.ts'
import { pickOf } from './odd-values.ts'
import { agreementIds, skus } from './small-partner.ts'

const page = (text: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: Buffer.from(`<!DOCTYPE html><html><body>${text}</body></html>`),
})
const json = (body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: Buffer.from(body),
})

interface List {
  readonly words: string
  readonly matches: Matches
  readonly reach: Reach
  readonly heals: boolean
}

/** Of one agreement, or of everybody: what cannot be read without a list. */
const listIn = (draws: Draws): List => {
  const agreementId = pickOf(draws, agreementIds)
  const one = { agreements: [agreementId], skus: [] }
  return draws.pick<List>([
    { words: "PRISM's tenants", matches: lists.tenants, reach: everywhere, heals: true },
    { words: "PRISM's price list", matches: lists.priceList, reach: everywhere, heals: true },
    { words: "PRISM's invoices", matches: lists.invoices, reach: held, heals: true },
    {
      words: `the additions of agreement ${agreementId}`,
      matches: lists.additionsOf(agreementId),
      reach: one,
      heals: false,
    },
    { words: "ConnectWise's agreements", matches: lists.agreements, reach: everywhere, heals: false },
    { words: "ConnectWise's catalog", matches: lists.catalog, reach: everywhere, heals: false },
  ])
}

const bodies: readonly (readonly [words: string, change: (answer: Answer) => Answer])[] = [
  ['a page', () => page('Scheduled maintenance')],
  ['empty', () => json('')],
  ['null', () => json('null')],
  ['a number', () => json('5')],
  ['a text', () => json('"nothing"')],
  ['an object', () => json('{"Message":"An error has occurred."}')],
  [
    'JSON that ends in the middle',
    (answer) => ({ ...answer, body: answer.body.subarray(0, answer.body.length / 2) }),
  ],
  ['in UTF-16', (answer) => ({ ...answer, body: Buffer.from(answer.body.toString('utf8'), 'utf16le') })],
  ['nested a hundred thousand deep', () => json('['.repeat(100_000))],
]

const notTheList: DamageKind = (draws) => {
  const { words, matches, reach, heals } = listIn(draws)
  const [body, change] = pickOf(draws, bodies)
  return { words: `${words}: the answer is ${body}`, reach, heals, intercept: changing(matches, change) }
}

/** An odd answer some times, then the right one. */
const sometimes =
  (matches: Matches, times: number, answer: (forward: () => Promise<Answer>) => Promise<Answer>) =>
  (): Intercept => {
    let left = times
    return (asked, forward) => {
      if (!matches(asked) || left === 0) return forward()
      left -= 1
      return answer(forward)
    }
  }

const cut: Answer = { ...json(''), cutAfter: 0 }

/** Reads are repeated: nobody notices. */
const passingTrouble: DamageKind = (draws) => {
  const matches: Matches = ({ method, path }) => method === 'GET' && !path.startsWith('/login')
  const [words, answer] = draws.pick<readonly [string, (forward: () => Promise<Answer>) => Promise<Answer>]>([
    ['500', async () => json('{"message":"An error has occurred."}', 500)],
    ['429', async () => json('{"message":"Too many requests"}', 429, { 'retry-after': '0' })],
    ['503 as a page', async () => ({ ...page('Service unavailable'), status: 503 })],
    ['a connection that is cut', async () => cut],
  ])
  return {
    words: `the first read is answered with ${words}`,
    reach: nowhere,
    heals: false,
    intercept: sometimes(matches, 1, answer),
  }
}

const slow: DamageKind = (draws) => {
  const { words, matches } = listIn(draws)
  return {
    words: `${words}: the answer comes slowly`,
    reach: nowhere,
    heals: false,
    intercept: changing(matches, (answer) => ({ ...answer, slowlyMs: 60 })),
  }
}

/** The whole file of the month breaks off on its way, each time. */
const brokenOff: DamageKind = (draws) => {
  const share = draws.pick([0.2, 0.5, 0.9])
  return {
    words: `May's invoice file: the connection ends after ${share * 100} % of it`,
    reach: held,
    heals: true,
    intercept: changing(lists.fileOfMay, (answer) => ({
      ...answer,
      cutAfter: Math.floor(answer.body.length * share),
    })),
  }
}

/** As ConnectWise answers a list whose pages are too large for it. */
const largePages: DamageKind = (draws) => {
  const said = draws.pick(['Timeout', 'Execution Timeout Expired'])
  return {
    words: 'ConnectWise answers 500 to pages above 250 rows',
    reach: nowhere,
    heals: false,
    intercept:
      () =>
      async ({ system, method, query }, forward) =>
        system === 'ConnectWise' && method === 'GET' && Number(query.get('pageSize') ?? 0) > 250
          ? json(`{"code":"InternalServerError","message":"${said}"}`, 500)
          : forward(),
  }
}

/** A write whose answer is lost, or is not one: it took effect all the same. */
const lostAnswer: DamageKind = (draws) => {
  const agreementId = pickOf(draws, agreementIds)
  const matches: Matches = ({ system, method, path }) =>
    system === 'ConnectWise' && method !== 'GET' && path.includes(`/agreements/${agreementId}/additions`)
  const [words, answer] = draws.pick<readonly [string, Answer]>([
    ['is cut off', cut],
    ['is a page', page('Thank you')],
    ['is empty', json('')],
    ['is an empty record', json('{}')],
  ])
  return {
    words: `the answer of the first write to agreement ${agreementId} ${words}`,
    reach: { agreements: [agreementId], skus: [] },
    heals: false,
    intercept: sometimes(matches, 1, async (forward) => {
      await forward()
      return answer
    }),
  }
}

const refusedWrite: DamageKind = (draws) => {
  const agreementId = pickOf(draws, agreementIds)
  const [words, answer] = draws.pick<readonly [string, Answer]>([
    ['400 with a text for its errors', json('{"code":"InvalidObject","message":"No","errors":"none"}', 400)],
    [
      '400 with a NUL in its message',
      json('{"code":"InvalidObject","message":"N\\u0000o","errors":[null]}', 400),
    ],
    ['400 as a page', { ...page('Bad request'), status: 400 }],
    ['403 without a body', json('', 403)],
  ])
  return {
    words: `writes to agreement ${agreementId} are answered with ${words}`,
    reach: { agreements: [agreementId], skus: [] },
    heals: false,
    intercept:
      () =>
      async ({ method, path }, forward) =>
        method !== 'GET' && path.includes(`/agreements/${agreementId}/additions`) ? answer : forward(),
  }
}

const refusedToken: DamageKind = (draws) => {
  const [words, answer] = draws.pick<readonly [string, Answer]>([
    ['a page', page('Sign in')],
    ['a token without a life', json('{"access_token":"x"}')],
    ['a token of no characters', json('{"access_token":"","expires_in":3600}')],
    ['invalid_client', json('{"error":"invalid_client"}', 400)],
  ])
  const matches: Matches = ({ path }) => path.endsWith('/connect/token')
  const damage: Damage = {
    words: `PRISM answers ${words} for a token`,
    reach: { agreements: agreementIds, skus, held: true },
    heals: true,
    intercept: sometimes(matches, Number.POSITIVE_INFINITY, async () => answer),
  }
  return damage
}

export const answerDamages: readonly (readonly [weight: number, kind: DamageKind])[] = [
  [5, notTheList],
  [2, passingTrouble],
  [1, slow],
  [1, brokenOff],
  [1, largePages],
  [1, lostAnswer],
  [2, refusedWrite],
  [1, refusedToken],
]
