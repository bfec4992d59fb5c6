import type { Refused } from '#app/hooks/api.ts'
import type { Pod } from '#app/hooks/use-pod.ts'

/** Whether nothing newer comes than what is shown, and that is to be said. */
export const isCutOff = ({ state }: Pod, error: Refused | undefined): boolean =>
  state.phase === 'silent' || state.phase === 'alone' || (error !== undefined && error.problem.status !== 401)
