import { describe, expect, it } from 'vitest'
import { type FirstRunFacts, firstRunSteps, isFirstRunOver } from './first-run.ts'

const nothing: FirstRunFacts = {
  program: { slug: 'microsoft-csp', name: 'Microsoft CSP' },
  connections: { prism: 'never', connectwise: 'never' },
  unprepared: null,
  isProgramOn: false,
  areProductsSynced: false,
  customers: { all: 0, mapped: 0, syncing: 0 },
}
const both = { prism: 'connected', connectwise: 'connected' } as const
const everything: FirstRunFacts = {
  ...nothing,
  connections: both,
  unprepared: 0,
  isProgramOn: true,
  areProductsSynced: true,
  customers: { all: 40, mapped: 3, syncing: 3 },
}
const done = (facts: FirstRunFacts): string[] =>
  firstRunSteps(facts).flatMap(({ title, isDone }) => (isDone ? [title] : []))
const possible = (facts: FirstRunFacts): string[] =>
  firstRunSteps(facts).flatMap(({ title, isDone, whyNot }) => (!isDone && whyNot === null ? [title] : []))

describe('the first steps [B1][G6]', () => {
  it('begin with the connections alone, and say of each other step what comes first', () => {
    expect(done(nothing)).toEqual([])
    expect(possible(nothing)).toEqual(['Connect PRISM', 'Connect ConnectWise'])
    for (const { whyNot, href } of firstRunSteps(nothing).slice(2)) {
      expect(whyNot).toMatch(/^(Connect|PRISM|Map|Switch) .*\.$/)
      expect(href).toMatch(/^\//)
    }
  })

  it.each<[string, Partial<FirstRunFacts>, string]>([
    [
      'connect ConnectWise',
      { connections: { prism: 'connected', connectwise: 'never' } },
      'Connect ConnectWise',
    ],
    ['prepare it', { connections: both }, 'Prepare ConnectWise'],
    ['switch the program on', { connections: both, unprepared: 0 }, 'Switch Microsoft CSP on'],
    ['sync products', { connections: both, unprepared: 0, isProgramOn: true }, 'Sync products'],
    ['map customers', { ...everything, customers: { all: 40, mapped: 0, syncing: 0 } }, 'Map customers'],
    [
      'preview them',
      { ...everything, customers: { all: 40, mapped: 2, syncing: 0 } },
      'Preview what the first syncs write',
    ],
  ])('then %s', (_, facts, next) => {
    expect(possible({ ...nothing, ...facts })[0]).toBe(next)
  })

  it('say that a connection fails, and lead to it', () => {
    const facts = { ...nothing, connections: { prism: 'failing', connectwise: 'connected' } } as const
    expect(firstRunSteps(facts)[0]).toMatchObject({ isDone: false, button: 'See PRISM’s connection' })
    // What was entered is not to be entered again before anything else can be done.
    expect(firstRunSteps(facts)[3]?.whyNot).toBeNull()
  })

  it('are over when the program is on and a customer syncs, whatever is left of the others', () => {
    expect(isFirstRunOver(nothing)).toBe(false)
    expect(isFirstRunOver({ ...everything, isProgramOn: false })).toBe(false)
    expect(isFirstRunOver({ ...everything, customers: { all: 40, mapped: 3, syncing: 0 } })).toBe(false)
    expect(isFirstRunOver(everything)).toBe(true)
    expect(firstRunSteps(everything).every(({ isDone }) => isDone)).toBe(true)
  })
})
