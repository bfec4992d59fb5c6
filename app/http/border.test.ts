import { describe, expect, it } from 'vitest'
import { problemSchema } from '#app/api/schemas/problem.ts'
import { refusalOf } from './border.ts'

const methods = {
  runs: ['GET'],
  'runs/[id]': ['GET'],
  'runs/latest': ['POST'],
  'connections/[kind]': ['PUT', 'DELETE'],
}

async function refused(method: string, path: string) {
  const refusal = refusalOf({ method, path }, methods)
  if (refusal === null || 'page' in refusal) return refusal
  const { status, headers } = refusal.answer
  expect(headers.get('content-type')).toBe('application/problem+json')
  const { code } = problemSchema.parse(await refusal.answer.json())
  return { status, code, allow: headers.get('allow') }
}

describe('a request that goes no further than the border', () => {
  it.each([
    ['PUT', '/api/runs', 'GET, HEAD, OPTIONS'],
    ['HEAD', '/api/connections/prism', 'DELETE, OPTIONS, PUT'],
    ['PURGE', '/api/runs/1', 'GET, HEAD, OPTIONS'],
    ['GET', '/api/runs/latest', 'OPTIONS, POST'],
    ['POST', '/sign-in', 'GET, HEAD'],
    ['OPTIONS', '/', 'GET, HEAD'],
  ])('asks with %s for %s, and hears what is offered [J16]', async (method, path, allow) => {
    expect(await refused(method, path)).toEqual({ status: 405, code: 'method-not-allowed', allow })
  })

  it.each(['/api/runs/%zz', '/api/%', '/api/runs/%ff', '/api/runs/%c0%af', '/api/runs/%ed%a0%80'])(
    'has a broken address, which is a problem of the API: %s [J16]',
    async (path) => {
      expect(await refused('GET', path)).toMatchObject({ status: 400, code: 'request-invalid' })
    },
  )

  it.each(['/programs/%ff', '/%', '/apis/%zz'])(
    'has a broken address, which is a page that is not there: %s [J16]',
    async (path) => {
      expect(await refused('GET', path)).toEqual({ page: 'not-found' })
    },
  )
})

describe('a request that goes on', () => {
  it.each([
    ['GET', '/api/runs'],
    ['HEAD', '/api/runs/1'],
    ['OPTIONS', '/api/connections/prism'],
    ['DELETE', '/api/connections/%70rism'],
    ['DELETE', '/api/nothing'],
    ['GET', '/api/runs/%00'],
    ['GET', '/programs/microsoft-csp'],
  ])('is %s %s', async (method, path) => {
    expect(await refused(method, path)).toBeNull()
  })

  it('is any method of the API where the routes are not known', () => {
    expect(refusalOf({ method: 'PUT', path: '/api/runs' }, null)).toBeNull()
  })
})
