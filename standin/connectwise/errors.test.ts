/**
 * The errors that are known of ConnectWise (docs/facts/connectwise.md, "Errors"), each from a real cause
 * where one exists here.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { additionsPath, newAddition, startTiny, tinySeed } from './testing.ts'

type Tiny = Awaited<ReturnType<typeof startTiny>>
let connectWise: Tiny
beforeEach(async () => {
  connectWise = await startTiny()
})
afterEach(() => connectWise.close())
const call: Tiny['call'] = (...args) => connectWise.call(...args)

const hosted = { screenId: 12, description: 'Pod', url: 'https://pod.example/', type: 'Pod' }
const company = { identifier: 'Contoso', name: 'Contoso', city: 'Perth' }
const callback = { url: 'http://127.0.0.1:1/?recordId=', objectId: 1, type: 'Agreement', level: 'Owner' }
const item = {
  identifier: 'NEW1',
  description: 'New',
  customerDescription: 'New',
  type: { id: 1 },
  subcategory: { id: 1 },
}
const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }]
const invalid = (resource: string, error: Record<string, unknown>) => ({
  status: 400,
  body: { code: 'InvalidObject', message: `${resource} object is invalid`, errors: [error] },
})
const noConditions = (text: string) => ({
  status: 400,
  body: { code: 'ConnectWiseApi', message: expect.stringContaining(text), errors: null },
})

interface RowOfFacts {
  readonly row: string
  readonly cause: () => Promise<unknown>
  readonly answer: object
}

const rows: readonly RowOfFacts[] = [
  {
    row: '400 InvalidObject, MissingRequiredField "… is required."',
    cause: () => call('POST', 'system/connectwisehostedsetups', { ...hosted, screenId: undefined }),
    answer: invalid('connectWiseHostedSetup', {
      code: 'MissingRequiredField',
      message: 'screenId is required.',
      field: 'screenId',
    }),
  },
  {
    row: '400 InvalidObject, ObjectExists "Company ID already in use." field identifier',
    cause: () => call('POST', 'company/companies', { ...company, identifier: 'wingtip' }),
    answer: invalid('company', {
      code: 'ObjectExists',
      message: 'Company ID already in use.',
      field: 'identifier',
    }),
  },
  {
    row: '400 callbackEntry, ObjectExists "A matching callback entry already exists"',
    cause: async () => {
      await call('POST', 'system/callbacks', callback)
      return call('POST', 'system/callbacks', callback)
    },
    answer: invalid('callbackEntry', {
      code: 'ObjectExists',
      message: 'A matching callback entry already exists',
    }),
  },
  {
    row: '400 OutOfRange "The field yearEstablished must be between 1900 and 9999."',
    cause: () => call('PATCH', 'company/companies/10', replace('yearEstablished', 1899)),
    answer: invalid('company', {
      code: 'OutOfRange',
      message: 'The field yearEstablished must be between 1900 and 9999.',
      field: 'yearEstablished',
    }),
  },
  {
    row: '400 NotFound "… not found for …" of a reference',
    cause: () => call('POST', 'procurement/catalog', { ...item, subcategory: { id: 17 } }),
    answer: invalid('catalogItem', {
      code: 'NotFound',
      message: 'Subcategory 17 not found',
      field: 'subcategory/id',
    }),
  },
  {
    row: '400 MaxLengthField "The field … must be a string with a maximum length of …."',
    cause: () => call('PATCH', 'company/companies/10', replace('name', 'x'.repeat(51))),
    answer: invalid('company', {
      code: 'MaxLengthField',
      message: 'The field name must be a string with a maximum length of 50.',
      field: 'name',
    }),
  },
  {
    row: '400 bad conditions: a numeric where a boolean is expected',
    cause: () => call('GET', 'company/companies?conditions=deletedFlag%3D1'),
    answer: noConditions('Expected a boolean value, not a numeric. String values should be enclosed with'),
  },
  {
    row: '400 bad conditions: a string without quotes',
    cause: () => call('GET', 'company/companies?conditions=name%3DWingtip'),
    answer: noConditions('DateTime values should be enclosed in square brackets'),
  },
  {
    row: '401 code Unauthorized',
    cause: () => call('GET', 'company/companies', undefined, { authorization: 'Basic YTpi' }),
    answer: { status: 401, body: { code: 'Unauthorized', errors: null } },
  },
  {
    row: '403 Security "You do not have security permission to perform this action."',
    cause: async () => {
      await call('PUT', '/control/role', { denied: ['Finance/Agreements'] })
      return call('GET', 'finance/agreements')
    },
    answer: {
      status: 403,
      body: { code: 'Security', message: 'You do not have security permission to perform this action.' },
    },
  },
  {
    row: '404 [inferred] body',
    cause: () => call('GET', 'company/companies/4711'),
    answer: { status: 404, body: { code: 'NotFound', message: 'company 4711 not found', errors: null } },
  },
  {
    row: '500 "A timeout has occured. Please try again." (sic)',
    cause: async () => {
      await call('POST', '/control/faults', { kind: '500', nth: 1 })
      return call('GET', 'company/companies')
    },
    answer: {
      status: 500,
      body: { code: 'ConnectWiseApi', message: 'A timeout has occured. Please try again.' },
    },
  },
  {
    row: '500 "Timeout expired.  The timeout period elapsed prior to obtaining a connection from the pool. …"',
    cause: async () => {
      const message =
        'Timeout expired.  The timeout period elapsed prior to obtaining a connection from the pool.'
      await call('POST', '/control/faults', { kind: '500', nth: 1, message })
      return call('GET', 'company/companies')
    },
    answer: {
      status: 500,
      body: {
        code: 'ConnectWiseApi',
        message: expect.stringContaining('Timeout expired.  The timeout period elapsed prior to'),
      },
    },
  },
  {
    row: '500 "Error converting value \\"{...}\\" to type \'...\'. Path \'...\', line 1, position 1."',
    cause: () => call('POST', additionsPath, newAddition({ quantity: 'many' })),
    answer: {
      status: 500,
      body: {
        message: `Error converting value "many" to type 'System.Double'. Path 'quantity', line 1, position 1.`,
      },
    },
  },
  {
    row: '5.1 reason 1: before the billing start date',
    cause: () => call('POST', additionsPath, newAddition({ effectiveDate: '2025-12-31T00:00:00Z' })),
    answer: invalid('addition', {
      message: 'effectiveDate cannot be less than the agreement billing start date',
      field: 'effectiveDate',
    }),
  },
  {
    row: '5.1 reason 2: prorate off, in an invoiced period',
    cause: async () => {
      await call('PATCH', 'finance/agreements/30', replace('prorateFlag', false))
      return call('POST', additionsPath, newAddition({ effectiveDate: '2026-08-15T00:00:00Z' }))
    },
    answer: invalid('addition', {
      message:
        'Since this period has already been invoiced there will not be an invoice generated for additional products for this period. ' +
        'Please prorate the agreement or update the start date to on or after the Next Invoice Date.',
      field: 'effectiveDate',
    }),
  },
]

describe('the facts’ tables of errors', () => {
  it.each(rows)('$row', async ({ cause, answer }) => {
    expect(await cause()).toMatchObject(answer)
  })

  it('429, whose key is error, with Retry-After', async () => {
    const limited = await startTiny(tinySeed({}, { requestsPerMinute: 1 }))
    await limited.call('GET', 'company/companies')
    const refused = await limited.call('GET', 'company/companies')
    await limited.close()
    const seconds = Number(refused.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(refused).toMatchObject({
      status: 429,
      body: {
        error: 'ConnectWiseAPI',
        message: `Too many requests. Please try again in ${seconds} seconds.`,
      },
    })
    expect(refused.body).not.toHaveProperty('code')
  })

  it('401 of older versions, ConnectWiseApi: UserNotAuthenticated', async () => {
    const older = await startTiny(tinySeed({}, { isOlder: true }))
    const refused = await older.call('GET', 'company/companies', undefined, { authorization: '' })
    await older.close()
    const body = { code: 'ConnectWiseApi', message: 'ConnectWiseApi: UserNotAuthenticated', errors: null }
    expect(refused).toMatchObject({ status: 401, body })
  })

  it('"SSL is required." where a program calls the address for people (section 2)', async () => {
    const people = await startTiny(tinySeed({}, { isUiHost: true }))
    const refused = await people.call('GET', 'company/companies')
    await people.close()
    expect(refused.body).toEqual({ code: 'Security', message: 'SSL is required.', errors: null })
  })

  it.each(['PUT', 'PATCH'])(
    '400 for an agreement that %s leaves without what an update must have',
    async (method) => {
      for (const field of [
        'employeeCompRate',
        'invoicingCycle',
        'billTime',
        'billExpenses',
        'billProducts',
      ]) {
        const { [field]: _, ...rest } = (await call('GET', 'finance/agreements/30')).body
        const body = method === 'PUT' ? rest : [{ op: 'remove', path: field }]
        const answer = invalid('agreement', {
          code: 'MissingRequiredField',
          message: `${field} is required.`,
          field,
        })
        expect(await call(method, 'finance/agreements/30', body)).toMatchObject(answer)
      }
    },
  )

  it.each([
    'company/companies?fields=nonsense&conditions=id=4711',
    'company/companies/count?fields=nonsense',
    'company/companies?conditions=defaultContact/zzz/name=1',
    'finance/agreements?conditions=company/zzz/name="x"',
    'finance/agreements/30/additions?fields=nonsense',
    'company/companies/count?conditions=nonsense=1',
  ])('400 for a field that is none, whether there are records or not: %s', async (path) => {
    expect((await call('GET', path)).status).toBe(400)
  })

  it('400 for a body that is not JSON, and for orderBy in forward-only pages', async () => {
    const broken = await fetch(`${connectWise.url}/v2025_1/apis/3.0/company/companies`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from('acme+pub:priv').toString('base64')}`,
        clientid: 'any',
        'content-type': 'application/json',
      },
      body: '{"identifier":',
    })
    expect([broken.status, await broken.json()]).toEqual([
      400,
      {
        code: 'InvalidObject',
        message: 'company object is invalid',
        errors: [
          { code: 'InvalidObject', message: 'The body is not valid JSON.', resource: 'company', field: '' },
        ],
      },
    ])
    const forward = { 'pagination-type': 'forward-only' }
    const ordered = await call('GET', 'company/companies?orderBy=name', undefined, forward)
    expect(ordered).toMatchObject({ status: 400, body: { code: 'ConnectWiseApi' } })
  })

  it('404 for an id that is not written in digits', async () => {
    for (const id of ['1e1', '0xa', '10.0', '+10', '%2010'])
      expect((await call('GET', `company/companies/${id}`)).status).toBe(404)
  })

  it('405, 409 and 415 (section 4)', async () => {
    expect((await call('POST', 'company/companies/10', company)).status).toBe(405)
    expect((await call('DELETE', 'procurement/types/1')).status).toBe(409)
    const text = { 'content-type': 'text/plain' }
    expect((await call('POST', 'company/companies', company, text)).status).toBe(415)
  })

  it('are printed over several lines with CRLF', async () => {
    const response = await fetch(`${connectWise.url}/v2025_1/apis/3.0/company/companies`)
    const text = await response.text()
    expect(text).toMatch(/^\{\r\n {2}"code": /)
    expect(text.replaceAll('\r\n', '')).not.toContain('\n')
  })
})
