/** The text of a file as spreadsheets save it. */

/** Why a file cannot be read at all; what is wrong with one of its rows is told with that row. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile'
  readonly reason: string

  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }
}

const startsWith = (bytes: Uint8Array, ...first: readonly number[]): boolean =>
  first.every((byte, at) => bytes[at] === byte)

/**
 * UTF-8, with or without its mark; UTF-16 with its mark (“Unicode text”); and what is no UTF-8 as Windows-1252, in which a
 * western Excel saves “CSV”: a wrong guess changes accents only, and so names nothing else than was meant. Throws
 * `UnreadableFile`.
 */
export function textOf(bytes: Uint8Array): string {
  if (startsWith(bytes, 0x50, 0x4b))
    throw new UnreadableFile('This is a workbook, no CSV. Save it as “CSV UTF-8” and choose that file.')
  const text = decoded(bytes)
  if (text.includes('\0')) throw new UnreadableFile('This is no text. Save the sheet as “CSV UTF-8”.')
  if (text.trim() === '') throw new UnreadableFile('The file is empty.')
  return text
}

function decoded(bytes: Uint8Array): string {
  if (startsWith(bytes, 0xff, 0xfe)) return new TextDecoder('utf-16le').decode(bytes)
  if (startsWith(bytes, 0xfe, 0xff)) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
