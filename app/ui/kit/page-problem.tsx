import { detailOf } from '#app/http/detail-of.ts'
import { errorKinds, ProductError } from '#lib/base/errors.ts'
import { helpPath } from './help-path.ts'
import { Note } from './note.tsx'

/** What came of a read; where it failed for a reason that a person can do something about, the reason. */
export const orProblem = <T extends object>(
  work: Promise<T>,
): Promise<T | { readonly problem: ProductError }> =>
  work.catch((error: unknown) => {
    if (error instanceof ProductError) return { problem: error }
    throw error
  })

export function PageProblem({ problem }: { problem: ProductError }) {
  return (
    <Note tone="bad" remedy={errorKinds[problem.code].remedy} help={helpPath(problem.code)}>
      {detailOf(problem)}
    </Note>
  )
}
