import { describe, expect, it } from 'vitest'
import { serve } from '../http/serve.ts'
import { askedOf, type CallApi } from './endpoint.ts'

describe('a call by its contract', () => {
  it('fills the path, whatever an id is made of', () => {
    const path = { program: 'microsoft-csp', tenantId: 'a/b ?ü' }
    expect(askedOf('GET /api/programs/{program}/customers/{tenantId}/plan', { path })).toEqual({
      method: 'GET',
      address: '/api/programs/microsoft-csp/customers/a%2Fb%20%3F%C3%BC/plan',
      body: undefined,
    })
  })

  it('asks for what is given and leaves out what is not', () => {
    const address = (query: { program?: string; page?: string | number }) =>
      askedOf('GET /api/runs', { query }).address
    expect(address({ program: 'a&b', page: 2 })).toBe('/api/runs?program=a%26b&page=2')
    expect(address({ page: '' })).toBe('/api/runs?page=')
    expect(askedOf('GET /api/runs').address).toBe('/api/runs')
  })

  it('sends nothing but the parameters of the path, of a record that has more', () => {
    const person = { id: '1', email: 'anna@northwind.example', name: 'Anna' }
    const body = { role: 'viewer' } as const
    expect(askedOf('PUT /api/people/{id}', { path: person, body })).toEqual({
      method: 'PUT',
      address: '/api/people/1',
      body,
    })
  })
})

// The compiler alone reads this: each line after a directive must be one that it refuses.
void ((callApi: CallApi) => {
  // @ts-expect-error: there is no such endpoint
  void callApi('GET /api/nothing')
  // @ts-expect-error: the path has a parameter
  void callApi('POST /api/runs/{id}/stop')
  // @ts-expect-error: the parameter has another name
  void callApi('POST /api/runs/{id}/stop', { path: { runId: '1' } })
  // @ts-expect-error: it is a month
  void callApi('POST /api/runs/{id}/confirm', { path: { id: '1' }, body: { period: 5 } })
  // @ts-expect-error: it must be given
  void callApi('POST /api/session', { body: { email: 'anna@northwind.example' } })
  // @ts-expect-error: the answer has another field
  void callApi('POST /api/runs/{id}/stop', { path: { id: '1' } }).then(({ stopped }) => stopped)
  // @ts-expect-error: a field of the answer is missing
  serve('POST /api/runs/{id}/stop', async () => ({}))
  // @ts-expect-error: it is another kind of value
  serve('POST /api/runs/{id}/stop', async () => ({ stopping: 'yes' }))
  // @ts-expect-error: it answers with nothing
  serve('DELETE /api/tokens/{id}', async () => ({ revoked: true }))
  // @ts-expect-error: nobody has signed in yet
  serve('POST /api/session', async ({ principal }) => principal.organisationId)
  // @ts-expect-error: the contract has no body
  serve('POST /api/runs/{id}/stop', async ({ body }) => ({ stopping: body.yes }))
})
