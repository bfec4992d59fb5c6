/** What the API member may not see or do (docs/facts/connectwise.md, "Authentication"). */
import { ConnectWiseError } from './errors.ts'
import { probes } from './inferred.ts'

/** Whether ConnectWise answered that the API member may not: nothing else is wrong with the request. */
export const isDenied = (error: unknown): boolean =>
  error instanceof ConnectWiseError && probes.refused.some((status) => status === error.status)
