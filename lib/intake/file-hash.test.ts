import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashedFile, OtherBeginning } from './file-hash.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
async function* inParts(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const file = fc.record({
  bytes: fc.uint8Array({ minLength: 1, maxLength: 60 }),
  size: fc.integer({ min: 1, max: 70 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
})
const placeIn = ({ bytes, share }: { bytes: Uint8Array; share: number }): number =>
  Math.ceil(bytes.length * share)

describe('the identity of a file [H7]', () => {
  it('is that of its beginning at every place that was passed, and of all of it at the end', async () => {
    await fc.assert(
      fc.asyncProperty(file, async (of) => {
        const place = placeIn(of)
        const hashed = hashedFile(inParts(of.bytes, of.size))
        let passed = 0
        let beginning = ''
        for await (const part of hashed.parts) {
          passed += part.length
          if (beginning === '' && passed >= place) beginning = hashed.hashUpTo(place)
        }
        expect([beginning, hashed.hash()]).toEqual([sha256(of.bytes.subarray(0, place)), sha256(of.bytes)])
      }),
    )
  })

  it('goes on behind a known beginning, and tells a file that begins otherwise, or is shorter', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.nat(), async (of, where) => {
        const bytes = Math.max(1, placeIn(of))
        const known = { bytes, hash: sha256(of.bytes.subarray(0, bytes)) }
        const readAll = async (content: Uint8Array) => {
          const hashed = hashedFile(inParts(content, of.size), known)
          let given = 0
          for await (const part of hashed.parts) given += part.length
          return { given, hash: hashed.hash() }
        }
        expect(await readAll(of.bytes)).toEqual({ given: of.bytes.length, hash: sha256(of.bytes) })
        const other = of.bytes.slice()
        const at = where % bytes
        other[at] = ((other[at] ?? 0) + 1) % 256
        await expect(readAll(other)).rejects.toThrowError(OtherBeginning)
        await expect(readAll(of.bytes.subarray(0, bytes - 1))).rejects.toThrowError(OtherBeginning)
      }),
    )
  })
})
