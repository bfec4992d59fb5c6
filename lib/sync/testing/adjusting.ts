/** Credits and charges beside the usage, on invoices of PRISM's stand-in, and what ConnectWise's invoices then. */
import { invoicesOf } from '#db/prism/invoices.ts'
import { excludeInvoice, pickInvoice } from '#lib/intake/pick.ts'
import { agreementId, program, type World } from './world.ts'

export interface Adjusted {
  readonly subscriptionId?: string
  readonly customerName?: string
  readonly domain?: string
  readonly offerName?: string
  readonly first: string
  readonly last: string
  readonly subTotal: string
  readonly subTotalRrp: string
  readonly description?: string
}

/** 41.20 of sub-1 at retail, 33.00 at cost, for days of March. */
export const creditOfMarch: Adjusted = {
  subscriptionId: 'sub-1',
  first: '2026-03-01',
  last: '2026-03-20',
  subTotal: '-33',
  subTotalRrp: '-41.20',
  description: 'Seats given back',
}

/** The invoice with the lines beside its own. @param replaces under its own id; else it is issued again under another */
export const adjust = async (
  { addresses }: Pick<World, 'addresses'>,
  lines: readonly Adjusted[],
  { invoiceId = '90001', replaces = true } = {},
): Promise<string> => {
  const answer = await fetch(`${addresses.prism}/control/invoices/${invoiceId}/adjustments`, {
    method: 'POST',
    body: JSON.stringify({ lines, replaces }),
  })
  if (!answer.ok) throw new Error(await answer.text())
  const { InvoiceId } = (await answer.json()) as { InvoiceId: number }
  return String(InvoiceId)
}

type Decide = typeof pickInvoice | typeof excludeInvoice
const decide =
  (by: Decide) =>
  ({ db }: Pick<World, 'db'>, organisationId: string, invoiceId = '90001'): Promise<void> =>
    by({ db, organisationId, program, invoiceId, actor: 'Ann', now: new Date() })

export const pick = decide(pickInvoice)
export const exclude = decide(excludeInvoice)

/** `90001 held negative-line`, of each of PRISM's invoices. */
export const statesOf = async ({ db }: Pick<World, 'db'>, organisationId: string): Promise<string[]> =>
  (await invoicesOf(db, organisationId, program)).map(({ id, state, reasonCode }) =>
    [id, state, ...(reasonCode === null ? [] : [reasonCode])].join(' '),
  )

/** What ConnectWise invoices now of the agreement, in cents. */
export const invoiceInConnectWise = async ({
  addresses,
}: Pick<World, 'addresses'>): Promise<{ readonly price: string; readonly cost: string }> => {
  const answer = await fetch(`${addresses.connectWise}/control/agreements/${agreementId}/invoice`, {
    method: 'POST',
  })
  const { lines } = (await answer.json()) as { lines: { price: string; cost: string }[] }
  const sumOf = (side: 'price' | 'cost'): string =>
    lines.reduce((sum, line) => sum + Number(line[side]), 0).toFixed(2)
  return { price: sumOf('price'), cost: sumOf('cost') }
}
