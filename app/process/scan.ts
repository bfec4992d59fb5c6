/** A full scan of ConnectWise that a person asks for (J7). */
import type { ScanShown } from '#app/api/schemas/scan.ts'
import { shownScan } from '#app/views/scan.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { requestScan } from '#lib/jobs/scan.ts'
import { connectWiseOf } from './clients.ts'
import { server } from './process.ts'
import { runJobsAfterwards } from './worker.ts'

/** Throws what opening the connection to ConnectWise throws. */
export async function startScan(principal: Principal): Promise<ScanShown> {
  await connectWiseOf(principal.organisationId)
  await requestScan(server().db, principal)
  runJobsAfterwards()
  return shownScan(principal.organisationId)
}
