import type { Change, Plan } from './shown.ts'

type Written = Exclude<Change['kind'], 'keep'>

/** One and several, in the order in which they are counted. */
const WORDS: Readonly<Record<Written, readonly [one: string, several: string]>> = {
  createCatalogItem: ['new product', 'new products'],
  create: ['addition', 'additions'],
  end: ['end', 'ends'],
  update: ['change', 'changes'],
  delete: ['deletion', 'deletions'],
}

/** What a plan would send to ConnectWise. */
export const writesOf = (plan: Pick<Plan, 'periods'>): Change[] =>
  plan.periods
    .flatMap(({ catalogItems, subscriptions }) => [
      ...catalogItems,
      ...subscriptions.flatMap(({ changes }) => changes),
    ])
    .filter(({ kind }) => kind !== 'keep')

/** `3 additions, 1 end`; `''` where there is nothing. */
export const writesText = (writes: readonly Pick<Change, 'kind'>[]): string =>
  (Object.keys(WORDS) as Written[])
    .flatMap((kind) => {
      const count = writes.filter((change) => change.kind === kind).length
      const [one, several] = WORDS[kind]
      return count === 0 ? [] : [`${count} ${count === 1 ? one : several}`]
    })
    .join(', ')
