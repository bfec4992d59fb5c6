/**
 * A full scan: the additions of all active agreements, of which ConnectWise has no list (docs/facts/connectwise.md, "Lists"), and
 * the domains of all contacts' mail, as evidence of whose a company is (J7). It reads only, and goes on where it stopped.
 */

import type { Database } from '#db/client.ts'
import {
  agreementsToScan,
  endScan,
  itemsToScan,
  noteScan,
  putListed,
  putScanned,
  putScannedContacts,
  putScannedItems,
  type Scan,
  type ScannedAddition,
  scanOf,
} from '#db/connections/scans.ts'
import { ProductError } from '#lib/base/errors.ts'
import type { JobEnd } from '#lib/base/job-end.ts'
import { priceOfWholeMonth } from '#lib/billing/bill.ts'
import { namedProduct } from '#lib/billing/item-names.ts'
import { skuKey, subscriptionKey } from '#lib/billing/keys.ts'
import type { Addition, Day } from '#lib/billing/types.ts'
import { isDenied } from '#lib/connectwise/denied.ts'
import { ConnectWiseError } from '#lib/connectwise/errors.ts'
import type { AgreementRecord, ConnectWiseClient } from '#lib/connectwise/values.ts'

export interface ScanContext {
  readonly db: Database
  readonly organisationId: string
  readonly connectWise: Pick<
    ConnectWiseClient,
    'everyAgreement' | 'everyContact' | 'additions' | 'catalogByIds'
  >
  /** When the rest is to be left to another job. */
  readonly until: Date
  readonly now: () => Date
}

/** Agreements that are read at a time, each a request. */
const AT_A_TIME = 8
/** Read and stored together, so that a process that ends loses no more. */
const PART = 32
const ITEMS_AT_ONCE = 1000

/**
 * Takes the running scan of the organisation further, until all is read, somebody stops it, or the time is up. What one agreement
 * does not give is left out and counted; where ConnectWise cannot be asked at all the scan has failed, and can be gone on with.
 */
export async function scan({ ctx }: { ctx: ScanContext }): Promise<JobEnd> {
  const { db, organisationId, now } = ctx
  const running = await scanOf(db, organisationId)
  if (running === null || running.state !== 'running') return 'done'
  try {
    return await goOn(ctx, running)
  } catch (error) {
    if (!(error instanceof ProductError)) throw error
    await endScan(db, organisationId, running.id, { state: 'failed', note: error.detail, at: now() })
    return 'done'
  }
}

const rest: JobEnd = { againInMs: 0 }

async function goOn(ctx: ScanContext, { id, listedAt, contacts }: Scan): Promise<JobEnd> {
  const { db, organisationId, now } = ctx
  if (await hasStopped(ctx, id)) return 'done'
  // First, so that a role that may not read them is not what ConnectWise said last (B4).
  if (contacts === null) await readContacts(ctx, id)
  if (isLate(ctx)) return rest
  if (listedAt === null) await list(ctx, id)
  for (;;) {
    if (await hasStopped(ctx, id)) return 'done'
    if (isLate(ctx)) return rest
    const part = await agreementsToScan(db, organisationId, id, PART)
    if (part.length === 0) break
    await readPart(ctx, id, part)
  }
  for (;;) {
    if (await hasStopped(ctx, id)) return 'done'
    if (isLate(ctx)) return rest
    const items = await itemsToScan(db, organisationId, id, ITEMS_AT_ONCE)
    if (items.length === 0) break
    await readItems(ctx, id, items)
  }
  await endScan(db, organisationId, id, { state: 'finished', note: null, at: now() })
  return 'done'
}

const isLate = ({ until, now }: ScanContext): boolean => now() >= until

/** Whether somebody asked it to stop, and so it has; or another one was begun. */
async function hasStopped({ db, organisationId, now }: ScanContext, id: string): Promise<boolean> {
  const scan = await scanOf(db, organisationId)
  if (scan === null || scan.id !== id || scan.state !== 'running') return true
  if (scan.stopRequestedAt === null) return false
  const note = `Stopped by ${scan.stopRequestedBy}`
  await endScan(db, organisationId, id, { state: 'stopped', note, at: now() })
  return true
}

async function list({ db, organisationId, connectWise, now }: ScanContext, id: string): Promise<void> {
  const { records } = await connectWise.everyAgreement()
  const today = dayOf(now())
  const active = records.filter((each) => isActive(each, today))
  await db.transaction(async (tx) => {
    await putListed(
      tx,
      organisationId,
      id,
      active.map(({ id: agreementId, company, name, billsMonthly }) => ({
        agreementId,
        companyId: company.id,
        companyName: company.name,
        name,
        isMonthly: billsMonthly,
      })),
    )
    await noteScan(tx, organisationId, id, { listedAt: now(), agreements: active.length })
  })
}

const dayOf = (moment: Date): Day => moment.toISOString().slice(0, 10) as Day

const isActive = ({ cancelled, endDate }: AgreementRecord, today: Day): boolean =>
  !cancelled && (endDate === null || endDate >= today)

/** Evidence that is missing where the role does not let us look, or ConnectWise does not give it. */
async function readContacts(ctx: ScanContext, id: string): Promise<void> {
  const { db, organisationId, connectWise } = ctx
  try {
    const { records } = await connectWise.everyContact()
    const domains = new Map<number, Set<string>>()
    for (const { companyId, mailDomains } of records) {
      if (companyId === null || mailDomains.length === 0) continue
      const known = domains.get(companyId) ?? new Set()
      domains.set(companyId, known)
      for (const each of mailDomains) known.add(each)
    }
    await putScannedContacts(
      db,
      organisationId,
      new Map([...domains].map(([companyId, of]) => [companyId, [...of]])),
    )
    await noteScan(db, organisationId, id, { contacts: 'read' })
  } catch (error) {
    if (!isAnswer(error)) throw error
    await putScannedContacts(db, organisationId, new Map())
    await noteScan(db, organisationId, id, { contacts: isDenied(error) ? 'denied' : 'refused' })
  }
}

/** Whether ConnectWise answered, though not with what was asked for: another question may be answered all the same. */
const isAnswer = (error: unknown): boolean =>
  error instanceof ConnectWiseError &&
  (error.code === 'connectwise-unreadable' ||
    (error.outcome === 'refused' && error.status !== 401 && error.status !== 429))

async function readPart(ctx: ScanContext, scanId: string, ids: readonly number[]): Promise<void> {
  const { db, organisationId, now } = ctx
  const at = now()
  const [read, refused]: [number[], number[]] = [[], []]
  const additions: ScannedAddition[] = []
  const left = [...ids]
  const work = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const found = await additionsOf(ctx, id)
      if (found === null) refused.push(id)
      else {
        read.push(id)
        additions.push(...found)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
  await putScanned(db, organisationId, scanId, { read, refused, additions, at })
}

/** `null`: ConnectWise does not give them. */
async function additionsOf(ctx: ScanContext, agreementId: number): Promise<ScannedAddition[] | null> {
  const today = dayOf(ctx.now())
  try {
    const { additions } = await ctx.connectWise.additions(agreementId)
    return additions.map((each) => scanned(agreementId, each, today))
  } catch (error) {
    if (isAnswer(error)) return null
    throw error
  }
}

const scanned = (agreementId: number, addition: Addition, today: Day): ScannedAddition => ({
  agreementId,
  additionId: addition.id,
  itemId: addition.catalogItemId,
  serial: subscriptionKey(addition.serialNumber),
  quantity: addition.quantity,
  amount: priceOfWholeMonth(addition),
  isActive: addition.cancelledDate === null || addition.cancelledDate >= today,
})

async function readItems(ctx: ScanContext, scanId: string, ids: readonly number[]): Promise<void> {
  const { db, organisationId, connectWise } = ctx
  const { items } = await connectWise.catalogByIds(ids)
  const byId = new Map(items.map((each) => [each.id, each]))
  await putScannedItems(
    db,
    organisationId,
    // One that ConnectWise does not give names nothing, and is not asked for again.
    ids.map((itemId) => {
      const item = byId.get(itemId)
      return {
        itemId,
        identifier: item?.identifier ?? '',
        description: item?.description ?? '',
        sku: item === undefined ? skuKey('') : namedProduct(item).sku,
        scanId,
      }
    }),
  )
}
