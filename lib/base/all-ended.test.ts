import { expect, it } from 'vitest'
import { allEnded } from './all-ended.ts'

it('gives what all works give, in their order', async () => {
  expect(await allEnded(Promise.resolve(1), Promise.resolve('two'))).toEqual([1, 'two'])
})

it('throws the first error only when nothing goes on any more', async () => {
  const { promise: slow, resolve } = Promise.withResolvers<void>()
  let hasThrown = false
  const work = allEnded(Promise.reject(new Error('one')), slow, Promise.reject(new Error('three'))).catch(
    (error: unknown) => {
      hasThrown = true
      return error
    },
  )
  await new Promise(setImmediate)
  expect(hasThrown).toBe(false)
  resolve()
  expect(await work).toEqual(new Error('one'))
})
