/**
 * Known, and not understood yet (decision 082): of several hundred cases of a death one in a while leaves an agreement that only a
 * sync by hand goes on with, and does not when it is repeated. So a case fails where it fails twice; once is printed.
 */
export const unlessOnce = async (problemOf: () => Promise<string | null>): Promise<string | null> => {
  const first = await problemOf()
  if (first === null) return null
  const second = await problemOf()
  if (second === null) console.warn(`Failed once, and not when it was repeated: ${first}`)
  return second
}
