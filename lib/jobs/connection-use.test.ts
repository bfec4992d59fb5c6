/** What a job's use of a connection says of the connection (B4). */
import { expect, it } from 'vitest'
import { ProductError } from '#lib/base/errors.ts'
import { ConnectWiseError, type ConnectWiseFailure } from '#lib/connectwise/errors.ts'
import { PrismError } from '#lib/prism/errors.ts'
import { withConnections } from './context.ts'
import type { Clients, ConnectionUse, Worker } from './worker.ts'

const connectWiseError = (failure: Partial<ConnectWiseFailure>) =>
  new ConnectWiseError({
    outcome: 'refused',
    status: 400,
    message: 'said',
    remoteCode: '',
    fieldErrors: [],
    retryAfterMs: null,
    method: 'POST',
    path: '/finance/agreements/30/additions',
    ...failure,
  })

/** A job that asks ConnectWise and PRISM in turn, with what each call comes to: an error, or `null` for an answer. */
const uses = async (...calls: readonly (['prism' | 'connectWise', unknown] | 'throws')[]) => {
  const noted: ConnectionUse[] = []
  const outcome = async (error: unknown) => {
    if (error !== null) throw error
  }
  const clients = { prism: { invoices: outcome }, connectWise: { additions: outcome } }
  const worker = {
    clients: async () => clients as unknown as Clients,
    noteUse: async (use: ConnectionUse) => void noted.push(use),
  } as unknown as Worker
  await withConnections(worker, 'organisation', async (given) => {
    const observed = given as unknown as typeof clients
    for (const call of calls) {
      if (call === 'throws') throw new Error('of the job itself')
      const [of, error] = call
      await (of === 'prism' ? observed.prism.invoices(error) : observed.connectWise.additions(error)).catch(
        () => undefined,
      )
    }
  }).catch(() => undefined)
  return noted.map(({ kind, error }) => [kind, error])
}

it.each([
  ['ConnectWise is out of reach', connectWiseError({ outcome: 'unreachable', status: null })],
  ['it answers 500', connectWiseError({ outcome: 'unreachable', status: 503 })],
  ['it leaves a write unanswered', connectWiseError({ outcome: 'unknown', status: null })],
  ['it does not accept the keys', connectWiseError({ status: 401 })],
  ['the member may not', connectWiseError({ status: 403 })],
  ['its address leads where it should not', new ProductError('address-refused', 'private')],
])('is that it fails where %s [B4]', async (_, error) => {
  expect(await uses(['connectWise', null], ['connectWise', error])).toEqual([['connectwise', error]])
})

it.each([
  ['refuses an addition', connectWiseError({ status: 400 })],
  ['has no such record', connectWiseError({ status: 404 })],
  ['says that it was changed meanwhile', connectWiseError({ status: 409 })],
])('is nothing where ConnectWise %s [B4][F8]', async (_, error) => {
  expect(await uses(['connectWise', error])).toEqual([])
  expect(await uses(['connectWise', null], ['connectWise', error])).toEqual([['connectwise', null]])
})

it.each([
  ['refuses the credentials', new PrismError('refused', 'no', 400), true],
  ['does not answer', new PrismError('unreachable', 'no', null), true],
  ['answers in another form', new PrismError('unreadable', 'no', 200), true],
  ['has no such file', new PrismError('refused', 'no', 404), false],
  ['refuses nothing, but its invoice is odd', new ProductError('invoice-refused', 'odd'), false],
  ['is not to blame', new TypeError('ours'), false],
])('of PRISM, where it %s [B4]', async (_, error, isFailing) => {
  expect(await uses(['prism', error])).toEqual(isFailing ? [['prism', error]] : [])
})

it('is what was answered last, each connection for itself, also where the job fails [B4]', async () => {
  const away = connectWiseError({ outcome: 'unreachable', status: null })
  expect(
    await uses(['connectWise', away], ['prism', null], ['connectWise', null], ['prism', away], 'throws'),
  ).toEqual([
    ['connectwise', null],
    ['prism', away],
  ])
})

it('of a file is what its stream came to [B4]', async () => {
  const broken = new PrismError('unreachable', 'cut', null)
  const noted: ConnectionUse[] = []
  const worker = {
    clients: async () => ({
      connectWise: {},
      prism: {
        async invoiceCsv() {
          return (async function* () {
            yield new Uint8Array(1)
            throw broken
          })()
        },
      },
    }),
    noteUse: async (use: ConnectionUse) => void noted.push(use),
  } as unknown as Worker
  const read = withConnections(worker, 'organisation', async ({ prism }) => {
    for await (const _ of await prism.invoiceCsv('1')) continue
  })
  await expect(read).rejects.toBe(broken)
  expect(noted).toMatchObject([{ kind: 'prism', error: broken }])
})
