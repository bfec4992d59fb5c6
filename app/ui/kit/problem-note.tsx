import type { Problem } from '#app/api/schemas/problem.ts'
import { helpPath } from './help-path.ts'
import { Note } from './note.tsx'

/** What was refused and what to do; announced, because it comes after a press. */
export function ProblemNote({ problem }: { problem: Problem | null }) {
  if (problem === null) return null
  const detail = problem.reference === undefined ? null : `Reference ${problem.reference}`
  return (
    <div role="alert">
      <Note tone="bad" detail={detail} remedy={problem.remedy} help={helpPath(problem.code)}>
        {problem.fields === undefined ? problem.detail : 'Some fields are not right.'}
      </Note>
    </div>
  )
}
