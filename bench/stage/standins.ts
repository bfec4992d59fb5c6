/** The stand-ins of a benchmark, seen from outside of their process. */
import { type Started, startProcess } from './calls.ts'
import type { PartnerSize } from './partner.ts'

/** Arguments of the process. */
export interface StandinSetUp {
  readonly partners: readonly PartnerSize[]
}

export interface Addresses {
  readonly prism: string
  /** One for each partner. */
  readonly connectWise: readonly string[]
}

/** What a ConnectWise was asked. */
export interface Traffic {
  readonly requests: number
  /** Those that are to change something. */
  readonly writes: number
  /** How many agreements these were about. */
  readonly agreementsWritten: number
  /** By method and path, `:id` in place of numbers. */
  readonly byRoute: Readonly<Record<string, number>>
}

export interface StandinCalls {
  listen(): Promise<Addresses>
  /** ConnectWise invoices every agreement for its next month, then PRISM issues the invoice of its own next month. */
  issueNext(): Promise<void>
  /** Of every request to the ConnectWise of these partners; of all where left out. */
  setLatency(ms: number, ofPartners?: readonly number[]): Promise<void>
  resetTraffic(): Promise<void>
  traffic(partner: number): Promise<Traffic>
  /** Additions of a partner's ConnectWise, and how many of them are there once more with the same serial number, days and quantity. */
  additions(partner: number): Promise<{ readonly all: number; readonly doubled: number }>
}

export interface Standins extends Started<StandinCalls> {
  readonly addresses: Addresses
}

/** Starts them without latency; PRISM has issued the first invoice. */
export async function startStandins(partners: readonly PartnerSize[]): Promise<Standins> {
  const setUp: StandinSetUp = { partners }
  const started = startProcess<StandinCalls>('standins-process.ts', setUp)
  return { ...started, addresses: await started.calls.listen() }
}
