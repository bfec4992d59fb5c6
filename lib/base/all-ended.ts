/**
 * What several works give that are done at once. It waits for each of them also where one fails, whose error it throws then: so
 * that nothing goes on behind whoever called it, who may hold a lease no longer.
 */
export const allEnded = async <T extends readonly unknown[]>(
  ...works: { readonly [K in keyof T]: Promise<T[K]> }
): Promise<T> => {
  await Promise.allSettled(works)
  return Promise.all(works)
}
