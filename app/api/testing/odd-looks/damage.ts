/** What is odd in a look, what it may reach, and how it gets into an answer. */
import type { Draws } from '#standin/generator/draws.ts'
import type { Answer, Asked, Intercept, System } from './front.ts'
import { agreementIds, type SmallPartner, skus } from './small-partner.ts'

/**
 * How far a damage may be felt. Whatever it does not reach ends as in a clean run.
 * What it reaches ends, subscription by subscription, as in a clean run or as it was: nothing else was written.
 */
export interface Reach {
  readonly agreements: readonly number[]
  /** Catalog items. */
  readonly skus: readonly string[]
  /** No agreement is written at all: the month's invoice is held or was not read. */
  readonly held?: boolean
  /** The damage says something that can be meant: these agreements follow it, and are not compared. */
  readonly otherTruth?: readonly number[]
  /** The same of catalog items. */
  readonly otherSkus?: readonly string[]
}

export interface Damage {
  /** What is odd, for whoever reads a failing seed. */
  readonly words: string
  readonly reach: Reach
  /** Once it is gone, the next look brings everything to where a clean run ends. */
  readonly heals: boolean
  /** Made anew for each look, as it may count. */
  readonly intercept: () => Intercept
}

export type DamageKind = (draws: Draws, small: SmallPartner) => Damage

export const nowhere: Reach = { agreements: [], skus: [] }
export const everywhere: Reach = { agreements: agreementIds, skus }
export const held: Reach = { ...everywhere, held: true }

export const reachOf = (damages: readonly Damage[]): Reach => ({
  agreements: [...new Set(damages.flatMap(({ reach }) => reach.agreements))],
  skus: [...new Set(damages.flatMap(({ reach }) => reach.skus))],
  held: damages.some(({ reach }) => reach.held),
  otherTruth: damages.flatMap(({ reach }) => reach.otherTruth ?? []),
  otherSkus: damages.flatMap(({ reach }) => reach.otherSkus ?? []),
})

/** All of them, the first one nearest to the stand-in. */
export const interceptAll = (damages: readonly Damage[]): Intercept => {
  const intercepts = damages.map(({ intercept }) => intercept())
  return (asked, forward) =>
    intercepts.reduce<() => Promise<Answer>>((next, intercept) => () => intercept(asked, next), forward)()
}

// ───────────────────────────── where ─────────────────────────────

export type Matches = (asked: Asked) => boolean

/** Reads of one address; the pattern is that of the whole path. */
export const reads =
  (system: System, pattern: RegExp): Matches =>
  (asked) =>
    asked.system === system && asked.method === 'GET' && pattern.test(asked.path)

export const lists = {
  tenants: reads('PRISM', /\/contractagreements\/[^/]+\/tenants$/),
  priceList: reads('PRISM', /\/pricelist\//),
  invoices: reads('PRISM', /\/v2\/invoices$/),
  fileOfMay: reads('PRISM', /\/invoice\/90002\/csv$/),
  agreements: reads('ConnectWise', /\/finance\/agreements(\/\d+)?$/),
  catalog: reads('ConnectWise', /\/procurement\/catalog$/),
  setUp: reads('ConnectWise', /\/procurement\/(categories|subcategories|types|unitOfMeasures)/i),
  additions: reads('ConnectWise', /\/additions$/),
  additionsOf: (agreementId: number) =>
    reads('ConnectWise', new RegExp(`/agreements/${agreementId}/additions$`)),
} as const

// ───────────────────────────── how ─────────────────────────────

/** Changes what is answered, wherever it matches and the stand-in answers 200. */
export const changing =
  (matches: Matches, change: (answer: Answer) => Answer) => (): Intercept => async (asked, forward) => {
    const answer = await forward()
    return matches(asked) && answer.status === 200 ? change(answer) : answer
  }

/** Changes a JSON answer; one that another damage has made none is left to that one. */
export const changingJson = (matches: Matches, change: (value: unknown) => unknown) =>
  changing(matches, (answer) => {
    const text = answer.body.toString('utf8')
    return isJson(text) ? { ...answer, body: Buffer.from(written(change(JSON.parse(text)))) } : answer
  })

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** A number as JSON may write it and JavaScript's own writer does not. */
export class Written {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const mark = '\uE000'
const written = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    each instanceof Written ? `${mark}${each.text}${mark}` : each,
  ).replaceAll(new RegExp(`"${mark}([^${mark}]*)${mark}"`, 'g'), '$1')
