/** Errors that a client of another bundle throws are known for what they are: pages and routes are bundled apart. */
import { describe, expect, it, vi } from 'vitest'

/** The modules evaluated once more, as another bundle does. */
async function evaluated() {
  vi.resetModules()
  const [errors, connectWise, prism, limits, lost] = await Promise.all([
    import('./errors.ts'),
    import('#lib/connectwise/errors.ts'),
    import('#lib/prism/errors.ts'),
    import('./limits.ts'),
    import('./database-lost.ts'),
  ])
  return { ...errors, ...connectWise, ...prism, ...limits, ...lost }
}
type Bundle = Awaited<ReturnType<typeof evaluated>>

const failure = {
  outcome: 'refused',
  status: 403,
  message: 'No.',
  remoteCode: '',
  fieldErrors: [],
  retryAfterMs: null,
  method: 'GET',
  path: '/company/companies',
} as const

type Kind =
  | 'ProductError'
  | 'TooManyRequests'
  | 'ConnectWiseError'
  | 'PrismError'
  | 'InvoiceRefused'
  | 'OverLimit'
  | 'NoConnection'

const thrown: readonly [Kind, (bundle: Bundle) => Error][] = [
  ['ProductError', (bundle) => new bundle.ProductError('conflict', 'A detail.')],
  ['TooManyRequests', (bundle) => new bundle.TooManyRequests('A detail.', 5)],
  ['ConnectWiseError', (bundle) => new bundle.ConnectWiseError(failure)],
  ['PrismError', (bundle) => new bundle.PrismError('unreachable', 'No answer.', 500)],
  ['InvoiceRefused', (bundle) => new bundle.InvoiceRefused({ row: 2, column: null }, 'It is empty.')],
  ['OverLimit', (bundle) => new bundle.OverLimit('host', 'size', 'is larger than 64 MB')],
  ['NoConnection', (bundle) => new bundle.NoConnection('There is no connection')],
]

describe('errors of another bundle [F10]', () => {
  it.each(thrown)('a %s is one here, and nothing else', async (name, make) => {
    const [theirs, ours] = [await evaluated(), await evaluated()]
    const error = make(theirs)
    expect(ours[name]).not.toBe(theirs[name])
    const kinds = thrown.map(([kind]) => kind).filter((kind) => error instanceof ours[kind])
    const own = thrown.map(([kind]) => kind).filter((kind) => error instanceof theirs[kind])
    expect(kinds).toContain(name)
    expect(kinds).toEqual(own)
  })

  it('a plain error is none, nor is anything that is no error', async () => {
    const { ProductError, NoConnection } = await evaluated()
    for (const value of [
      new Error('x'),
      null,
      undefined,
      'ProductError',
      {},
      { brand: 'ProductError' },
      Object.create(null),
    ])
      expect([value instanceof ProductError, value instanceof NoConnection]).toEqual([false, false])
  })

  it('one that has no brand of its own is no other kind’s', async () => {
    const { ProductError, ConnectWiseError } = await evaluated()
    class Own extends ProductError {}
    expect(new ConnectWiseError(failure) instanceof Own).toBe(false)
    expect(new Own('conflict', 'x') instanceof ProductError).toBe(true)
  })

  it('a database that is away is known by it', async () => {
    const [theirs, ours] = [await evaluated(), await evaluated()]
    expect(ours.isDatabaseLost(new Error('Failed query', { cause: new theirs.NoConnection('none') }))).toBe(
      true,
    )
    expect(
      ours.isDatabaseLost(new theirs.ProductError('conflict', 'x', { cause: new Error('ECONNREFUSED') })),
    ).toBe(false)
  })
})
