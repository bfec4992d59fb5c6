import { describe, expect, it } from 'vitest'
import { ProductError } from '#lib/base/errors.ts'
import { LONGEST_BODY } from '#lib/base/longest-body.ts'
import { jsonOf } from './request-body.ts'

const json = { 'content-type': 'application/json' }
const post = (body: BodyInit, headers: Record<string, string> = json): Request =>
  new Request('http://localhost/api/x', { method: 'POST', headers, body, duplex: 'half' } as RequestInit)

const codeOf = (request: Request) =>
  jsonOf(request).then(
    () => 'read',
    (error: unknown) => (error instanceof ProductError ? error.code : error),
  )

/** A body of `chunks` parts of 64 KB, which counts how many were taken. */
function streamed(chunks: number) {
  const taken = { count: 0 }
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (taken.count === chunks) return controller.close()
        taken.count += 1
        controller.enqueue(new Uint8Array(64 * 1024).fill(0x20))
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, taken }
}

describe('the body of a request', () => {
  it('is read as JSON in UTF-8, with its type said in any way that HTTP allows', async () => {
    const body = '{"name":"Zoë"}'
    for (const type of ['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON ;x=y'])
      expect(await jsonOf(post(body, { 'content-type': type }))).toEqual({ name: 'Zoë' })
  })

  it('that is empty is an empty object', async () => {
    expect(await jsonOf(new Request('http://localhost/', { method: 'POST' }))).toEqual({})
    expect(await jsonOf(post(''))).toEqual({})
    expect(await jsonOf(post(streamed(0).stream, {}))).toEqual({})
  })

  it('is not read where nothing is said of it [J16]', async () => {
    expect(await codeOf(post(streamed(1).stream, {}))).toBe('body-not-json')
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonp',
    '',
  ])('is not read where it is said to be “%s”, as another site’s form could send it [J16]', async (type) => {
    expect(await codeOf(post('{}', { 'content-type': type }))).toBe('body-not-json')
  })

  it('is not read at all where it says that it is too long [J16]', async () => {
    const { stream, taken } = streamed(1)
    const request = post(stream, { ...json, 'content-length': String(LONGEST_BODY + 1) })
    expect(await codeOf(request)).toBe('body-too-large')
    expect(taken.count).toBe(0)
  })

  it('is read no further than it may be long, whatever it says [J16]', async () => {
    const { stream, taken } = streamed(1_000)
    expect(await codeOf(post(stream, { ...json, 'content-length': '2' }))).toBe('body-too-large')
    expect(taken.count).toBeLessThan(8)
    expect(await codeOf(post(`"${'x'.repeat(LONGEST_BODY - 2)}"`))).toBe('read')
    expect(await codeOf(post(`"${'x'.repeat(LONGEST_BODY - 1)}"`))).toBe('body-too-large')
  })

  it.each([
    ['cut off', '{"a":'],
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['nested deeper than any reader goes', '['.repeat(250_000)],
    ['NUL', '\u0000'],
  ])('that is %s is refused as no JSON [J16]', async (_, body) => {
    expect(await codeOf(post(body))).toBe('request-invalid')
  })
})
