/** The identity of a file whose bytes are read part by part: of all of it, and of its beginning. */
import { createHash } from 'node:crypto'

/** SHA-256 of a file's first `bytes`, hexadecimal. */
export interface Beginning {
  readonly bytes: number
  readonly hash: string
}

/** The file does not begin as it did when it was read before. */
export class OtherBeginning extends Error {
  override readonly name = 'OtherBeginning'
}

export interface HashedFile {
  /** The very bytes that are hashed. Throws `OtherBeginning` before anything behind the known beginning is given. */
  readonly parts: AsyncIterable<Uint8Array>
  /** What was passed up to this byte will be asked for no more. */
  forgetUpTo(byte: number): void
  /** SHA-256 up to a byte that was passed, and no earlier one than was asked for before. */
  hashUpTo(byte: number): string
  /** SHA-256 of all that was passed. */
  hash(): string
}

/** Of what is not hashed yet; the reader is behind what it was given by less. */
const MOST_AHEAD = 1024 * 1024

export const hashedFile = (source: AsyncIterable<Uint8Array>, known: Beginning | null = null): HashedFile => {
  const hash = createHash('sha256')
  let hashed = 0
  let ahead: Uint8Array[] = []
  let aheadBytes = 0
  const hashTo = (byte: number): void => {
    const parts = ahead
    ahead = []
    for (const part of parts) {
      const take = Math.min(part.length, Math.max(0, byte - hashed))
      if (take > 0) hash.update(part.subarray(0, take))
      hashed += take
      aheadBytes -= take
      if (take < part.length) ahead.push(part.subarray(take))
    }
  }
  async function* parts() {
    let passed = 0
    for await (const part of source) {
      ahead.push(part)
      aheadBytes += part.length
      passed += part.length
      if (known !== null && hashed < known.bytes) {
        hashTo(Math.min(passed, known.bytes))
        if (hashed === known.bytes && hash.copy().digest('hex') !== known.hash) throw new OtherBeginning()
      }
      yield part
    }
    if (known !== null && hashed < known.bytes) throw new OtherBeginning()
  }
  return {
    parts: parts(),
    forgetUpTo(byte) {
      if (aheadBytes > MOST_AHEAD) hashTo(byte)
    },
    hashUpTo(byte) {
      hashTo(byte)
      return hash.copy().digest('hex')
    },
    hash() {
      hashTo(Number.POSITIVE_INFINITY)
      return hash.copy().digest('hex')
    },
  }
}

/** SHA-256 of a file, hexadecimal. */
export const contentHash = async (source: AsyncIterable<Uint8Array>): Promise<string> => {
  const hash = createHash('sha256')
  for await (const part of source) hash.update(part)
  return hash.digest('hex')
}
