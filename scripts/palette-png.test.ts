import { readFileSync } from 'node:fs'
import { deflateSync, inflateSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { readPng, writePalettePng } from './palette-png.ts'

/** The bytes of the first chunk of a type. */
function chunkOf(png: Buffer, type: string): Buffer {
  const at = png.indexOf(type)
  return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4))
}

/** The pixels of a PNG with a palette. */
function shown(png: Buffer, width: number): number[] {
  const palette = chunkOf(png, 'PLTE')
  return [...inflateSync(chunkOf(png, 'IDAT'))]
    .filter((_, at) => at % (width + 1) !== 0)
    .map((index) => palette.readUIntBE(index * 3, 3))
}

it('keeps every pixel of a picture of few colours', () => {
  const pixels = Uint32Array.from([0xffffff, 0x102030, 0xff0000, 0x102030, 0x00ff00, 0xffffff])
  const png = writePalettePng({ width: 3, height: 2, pixels })
  expect(shown(png, 3)).toEqual([...pixels])
})

it('gives a colour too many as the nearest one', () => {
  const pixels = Uint32Array.from({ length: 400 * 4 }, (_, n) => (n % 400) * 0x010203)
  const seen = shown(writePalettePng({ width: 400, height: 4, pixels }), 400)
  expect(new Set(seen).size).toBeLessThanOrEqual(256)
  for (const [at, colour] of seen.entries())
    for (const shift of [16, 8, 0])
      expect(Math.abs(((colour >> shift) & 255) - (((pixels[at] ?? 0) >> shift) & 255))).toBeLessThan(16)
})

it('reads each filter of a row as PNG defines them', () => {
  // Five rows of two pixels, the same grey in each, told by none, left, up, average and Paeth.
  const rows = [
    [0, 8, 8, 8, 8, 8, 8],
    [1, 8, 8, 8, 0, 0, 0],
    [2, 0, 0, 0, 0, 0, 0],
    [3, 4, 4, 4, 0, 0, 0],
    [4, 0, 0, 0, 0, 0, 0],
  ]
  const made = writePalettePng({ width: 2, height: 5, pixels: new Uint32Array(10) })
  const header = Buffer.from(chunkOf(made, 'IHDR'))
  header[9] = 2
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)])
  }
  const data = deflateSync(Buffer.from(rows.flat()))
  const png = Buffer.concat([made.subarray(0, 8), chunk('IHDR', header), chunk('IDAT', data)])
  expect([...readPng(png).pixels]).toEqual(Array.from({ length: 10 }, () => 0x080808))
})

it('refuses what it would read wrongly', () => {
  expect(() => readPng(readFileSync(import.meta.filename))).toThrow('no PNG')
  const small = writePalettePng({ width: 1, height: 1, pixels: new Uint32Array(1) })
  expect(() => readPng(small)).toThrow('8 bits a channel')
})
