/** A PRISM whose files are scripted, as long as a test needs them. Free of the test runner, so that a child process can have one. */
import type { Money, Period } from '#lib/billing/types.ts'
import { readInvoiceCsv } from '#lib/prism/invoice-csv.ts'
import type { InvoiceHeader, Listed, PrismClient } from '#lib/prism/values.ts'
import { programs } from '#lib/programs/registry.ts'

const [microsoftCsp] = programs

/** A file's bytes, or what is thrown when it is asked for. */
export type ScriptedFile = () => AsyncIterable<Uint8Array>

export interface ScriptedPrism {
  readonly client: PrismClient
  /** By invoice; a month each, January first. Without a file PRISM lists it all the same. */
  readonly files: Map<string, ScriptedFile>
  /** Ids of the invoices whose files were asked for, in order. */
  readonly asked: string[]
}

const listed = <T>(records: readonly T[]): Listed<T> => ({ records, setAside: [], kept: [] })

/** @param onAsked called before each file is given */
export const scriptedPrism = (
  invoices: readonly string[],
  onAsked: (id: string) => void = () => undefined,
): ScriptedPrism => {
  const files = new Map<string, ScriptedFile>()
  const asked: string[] = []
  const headers = invoices.map(
    (id, month): InvoiceHeader => ({
      id,
      programName: microsoftCsp.prismName,
      period: periodOf(month),
      invoicedOn: null,
    }),
  )
  const tenant = {
    id: 't1',
    customerId: 'c1',
    customerName: 'Coho Winery',
    domain: 'coho.example',
    status: 'Active',
    subscriptions: [],
    keptSubscriptions: [],
  }
  const client: PrismClient = {
    me: async () => ({ name: 'Northwind', partnerId: null }),
    contractAgreements: async () => listed([{ id: 'ca-1', programName: microsoftCsp.prismName }]),
    tenants: async () => listed([tenant]),
    priceList: async () => listed([]),
    invoices: async () => listed(headers),
    invoiceCsv: async (id) => {
      asked.push(id)
      onAsked(id)
      return files.get(id)?.() ?? inParts('')
    },
    readInvoice: readInvoiceCsv,
  }
  return { client, files, asked }
}

export const periodOf = (month: number): Period => `2026-${String(month + 1).padStart(2, '0')}` as Period

const header =
  'PrimaryDomainName,SubscriptionId,OfferName,ChargeStartDate,ChargeEndDate,UnitPrice,UnitPriceRrp,Quantity,BillableRatio,SubTotal,SubTotalRrp,CustomerName,BillingCycle,TermDurationNumber,TermDurationUnit\n'

/** A file of so many lines, each a subscription of its own. @param month from 0 */
export const csvOf = (lines: number, month = 0, price = '50' as Money): string => {
  const days = `${periodOf(month)}-01,${periodOf(month)}-28`
  const rows = Array.from(
    { length: lines },
    (_, at) => `coho.example,sub-${at},Visio,${days},8,10,5,1,40,${price},Coho Winery,Monthly,1,MONTHS\n`,
  )
  return header + rows.join('')
}

export async function* inParts(text: string, bytesEach = 64 * 1024): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += bytesEach) yield bytes.subarray(at, at + bytesEach)
}

/** The file up to a part of it (from 0 to 1), then `pause`, then the rest. */
export async function* pausedAt(
  text: string,
  part: number,
  pause: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  const at = Math.floor(bytes.length * part)
  yield* inParts(bytes.subarray(0, at).toString())
  await pause()
  yield* inParts(bytes.subarray(at).toString())
}
