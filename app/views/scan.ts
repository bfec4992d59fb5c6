/** How far the last full scan of ConnectWise is. */
import type { ScanShown } from '#app/api/schemas/scan.ts'
import { server } from '#app/process/process.ts'
import { agreementsLeftToScan, type Scan, scanOf } from '#db/connections/scans.ts'
import { contactsSay } from './contacts.ts'

const never: ScanShown = {
  state: 'never',
  readAt: null,
  startedAt: null,
  startedBy: null,
  isStopping: false,
  read: 0,
  of: 0,
  refused: 0,
  note: null,
  contacts: null,
}

export async function shownScan(organisationId: string): Promise<ScanShown> {
  const { db } = server()
  const scan = await scanOf(db, organisationId)
  if (scan === null) return never
  const left = scan.listedAt === null ? 0 : await agreementsLeftToScan(db, organisationId, scan.id)
  return {
    state: scan.state,
    readAt: scan.completeAt?.toISOString() ?? null,
    startedAt: scan.startedAt.toISOString(),
    startedBy: scan.startedBy,
    isStopping: scan.state === 'running' && scan.stopRequestedAt !== null,
    read: scan.agreements - left,
    of: scan.agreements,
    refused: scan.refused,
    note: scan.note,
    contacts: contactsOfScan(scan),
  }
}

export const contactsOfScan = ({ contacts }: Scan): string | null =>
  contacts === null ? null : contactsSay[contacts]
