/** The body of an answer within its limits: decompressed and counted on its way; beyond them its connection is closed. */
import type { IncomingMessage } from 'node:http'
import { PassThrough, pipeline, type Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createUnzip } from 'node:zlib'
import { type Limits, tooLarge, tooSilent } from './limits.ts'

/** For Accept-Encoding; one of them is undone also where nobody asked for it. */
export const understoodEncodings = 'gzip, deflate, br'

const decoders: Readonly<Record<string, () => Transform>> = {
  identity: () => new PassThrough(),
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createUnzip,
  br: createBrotliDecompress,
}

/** What is to be read. Destroying it ends the connection, too; beyond its limits it fails with `OverLimit`. */
export function limitedBody(
  incoming: IncomingMessage,
  host: string,
  { mostBytes, silenceMs }: Limits,
): Readable {
  const encoding = incoming.headers['content-encoding']?.trim().toLowerCase() || 'identity'
  const decoder = decoders[encoding]
  let timer: NodeJS.Timeout | null = null
  let bytes = 0
  const body = new Transform({
    transform(part: Buffer, _encoding, done) {
      bytes += part.length
      timer?.refresh()
      if (bytes > mostBytes) done(tooLarge(host, mostBytes))
      else done(null, part)
    },
  })
  // Whatever fails on the way fails the body, which is what is read.
  pipeline(incoming, decoder?.() ?? new PassThrough(), body, () => {
    if (timer !== null) clearTimeout(timer)
  })
  // Whoever reads it has a listener of their own; nobody may read it any more.
  body.on('error', () => {})
  if (decoder === undefined)
    body.destroy(new Error(`the answer of ${host} is compressed in a way that is not understood`))
  if (Number(incoming.headers['content-length'] ?? 0) > mostBytes) body.destroy(tooLarge(host, mostBytes))
  if (silenceMs !== undefined)
    timer = setTimeout(() => {
      // Parts that wait for their reader are no silence.
      if (body.readableLength === 0) body.destroy(tooSilent(host, silenceMs))
      else timer?.refresh()
    }, silenceMs)
  return body
}
