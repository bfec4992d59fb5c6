/** A server with answers that are far too large, and with an invoice of any length. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'

const MB = 2 ** 20

export interface LargeAnswers extends AsyncDisposable {
  readonly site: string
}

/** @param lines of the invoice that it serves as a PRISM */
export async function startLargeAnswers(lines = 0): Promise<LargeAnswers> {
  const server = createServer(
    ({ url: path = '' }, response) => void answer(path, response, lines).catch(() => {}),
  )
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    site: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** 300 MB of nothing, in about 300 kB. */
const bomb = gzipSync(Buffer.alloc(300 * MB), { level: 9 })

async function answer(path: string, response: ServerResponse, lines: number): Promise<void> {
  response.on('error', () => {})
  if (path.endsWith('/connect/token'))
    return void response.end('{"access_token":"t","token_type":"Bearer","expires_in":3600}')
  if (path.endsWith('/csv')) return pipeline(Readable.from(csvAt(path, lines)), response)
  if (path.endsWith('/small')) return void response.end('{"Codebase":"v2025_1/"}')
  if (path.endsWith('/gzip') || path.includes('/agreements/2/')) {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    return void response.end(bomb)
  }
  return pipeline(Readable.from(row(600 * MB)), response)
}

function* row(bytes: number): Generator<string> {
  const part = `{"id":1,"description":"${'x'.repeat(64_000)}"},`
  yield '['
  for (let sent = 0; sent < bytes; sent += part.length) yield part
  yield '{}]'
}

function csvAt(path: string, lines: number): Generator<string> {
  if (path.startsWith('/wide')) return csv(900, 'x'.repeat(MB - 1_000))
  return csv(path.startsWith('/short') ? 10 : lines)
}

function* csv(count: number, description = 'Actual usage for period'): Generator<string> {
  yield 'ResellerName,PrimaryDomainName,SubscriptionId,OfferName,ChargeStartDate,ChargeEndDate,LineDescription,UnitPrice,UnitPriceRrp,Quantity,BillableRatio,SubTotal,SubTotalRrp,AgreementNumber,PurchaseOrderNumber,CustomerName,BillingCycle,TermDurationNumber,TermDurationUnit\n'
  let piece = ''
  for (let at = 0; at < count; at += 1) {
    const id = `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`
    piece += `Northwind Managed Services,customer${at % 5_000}.example,${id},Microsoft 365 Business Premium (NCE Product),2026-09-01,2026-09-30,${description},17.60,22.00,5,1,88.00,110.00,AG-1,,Customer ${at % 5_000},Monthly,1,MONTHS\n`
    if (piece.length < 64_000) continue
    yield piece
    piece = ''
  }
  yield piece
}
