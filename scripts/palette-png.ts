/** A screenshot with a palette of 256 colours: a third of the bytes, and nothing that a reader would miss. */
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
const MOST_COLOURS = 256
const [RGB, PALETTE, RGBA] = [2, 3, 6]

/** Pixels, row by row, each as `0xRRGGBB`. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly pixels: Uint32Array
}

/** Reads a PNG of 8 bits a channel, as browsers make them; transparency is dropped. Throws for any other. */
export function readPng(png: Buffer): Picture {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('This is no PNG')
  const chunks = chunksOf(png)
  const header = chunks.find(({ type }) => type === 'IHDR')?.data
  if (header === undefined) throw new Error('The PNG has no header')
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const [depth, colour, , , interlace] = header.subarray(8)
  if (depth !== 8 || (colour !== RGB && colour !== RGBA) || interlace !== 0)
    throw new Error('Only PNGs of 8 bits a channel, RGB or RGBA, not interlaced, are read')
  const data = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data))
  const size = colour === RGB ? 3 : 4
  const rows = unfiltered(inflateSync(data), { width: width * size, height, size })
  const pixels = new Uint32Array(width * height)
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = rows.readUIntBE(at * size, 3)
  return { width, height, pixels }
}

function chunksOf(png: Buffer): { type: string; data: Buffer }[] {
  const chunks = []
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at)
    chunks.push({
      type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + length),
    })
    at += length + 12
  }
  return chunks
}

interface Rows {
  /** Bytes of a row and of a pixel. */
  readonly width: number
  readonly size: number
  readonly height: number
}

/** PNG 1.2, section 6: each row is told by its filter from what is left of it and above. */
function unfiltered(raw: Buffer, { width, height, size }: Rows): Buffer {
  const out = Buffer.alloc(width * height)
  for (let row = 0; row < height; row += 1) {
    const filter = raw[row * (width + 1)] ?? 0
    for (let x = 0; x < width; x += 1) {
      const at = row * width + x
      const left = x < size ? 0 : (out[at - size] ?? 0)
      const up = row === 0 ? 0 : (out[at - width] ?? 0)
      const corner = row === 0 || x < size ? 0 : (out[at - width - size] ?? 0)
      const before = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0
      out[at] = (raw[row * (width + 1) + 1 + x] ?? 0) + before
    }
  }
  return out
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  if (a <= b && a <= c) return left
  return b <= c ? up : corner
}

/** The picture with its most frequent colours, each other one as the nearest of them. */
export function writePalettePng({ width, height, pixels }: Picture): Buffer {
  const counts = new Map<number, number>()
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1)
  const palette = frequent(counts)
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(colour, palette)]))
  const rows = Buffer.alloc((width + 1) * height)
  for (let row = 0; row < height; row += 1)
    for (let x = 0; x < width; x += 1)
      rows[row * (width + 1) + 1 + x] = places.get(pixels[row * width + x] ?? 0) ?? 0
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, PALETTE, 0, 0, 0], 8)
  const colours = Buffer.concat(palette.map((colour) => Buffer.from(channelsOf(colour))))
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Those that fill most, no two of them too near each other to be told apart. */
function frequent(counts: ReadonlyMap<number, number>): number[] {
  const byCount = [...counts].sort(([a, m], [b, n]) => n - m || a - b).map(([colour]) => colour)
  if (byCount.length <= MOST_COLOURS) return byCount
  const chosen: number[] = []
  for (const colour of byCount) {
    if (chosen.length === MOST_COLOURS) break
    if (chosen.length < 32 || chosen.every((each) => distance(each, colour) > 64)) chosen.push(colour)
  }
  return chosen
}

function nearest(colour: number, palette: readonly number[]): number {
  let [found, least] = [0, Number.POSITIVE_INFINITY]
  for (const [index, each] of palette.entries()) {
    const away = distance(each, colour)
    if (away >= least) continue
    found = index
    least = away
  }
  return found
}

const channelsOf = (colour: number): [number, number, number] => [
  colour >> 16,
  (colour >> 8) & 255,
  colour & 255,
]

function distance(a: number, b: number): number {
  const [[r, g, x], [s, h, y]] = [channelsOf(a), channelsOf(b)]
  return (r - s) ** 2 + (g - h) ** 2 + (x - y) ** 2
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}
