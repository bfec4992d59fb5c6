/** Of the middle of the sorted values; no number where there are none. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Median milliseconds of some rounds, after some that only warm up. */
export async function timed(
  work: () => unknown,
  { rounds, warmUps }: { readonly rounds: number; readonly warmUps: number },
): Promise<number> {
  const times: number[] = []
  for (let round = -warmUps; round < rounds; round += 1) {
    const start = performance.now()
    await work()
    if (round >= 0) times.push(performance.now() - start)
  }
  return median(times)
}
