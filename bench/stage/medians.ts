/** Of the middle of the sorted values; no number where there are none. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/**
 * Median milliseconds of each work over some rounds, after some that only warm up. In each round they take turns, so that a load
 * that comes and goes meets them all.
 */
export async function timed<Name extends string>(
  works: Readonly<Record<Name, () => unknown>>,
  { rounds, warmUps }: { readonly rounds: number; readonly warmUps: number },
): Promise<Record<Name, number>> {
  const names = Object.keys(works) as Name[]
  const times = new Map(names.map((name) => [name, [] as number[]]))
  for (let round = -warmUps; round < rounds; round += 1)
    for (const name of names) {
      const start = performance.now()
      await works[name]()
      if (round >= 0) times.get(name)?.push(performance.now() - start)
    }
  return Object.fromEntries([...times].map(([name, of]) => [name, median(of)])) as Record<Name, number>
}

/** Milliseconds of one round, without a warm-up: of what takes long, or can be done only once. */
export async function timedOnce(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
