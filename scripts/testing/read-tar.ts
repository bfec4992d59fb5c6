/** The files of a tar archive, in its order; each header's own checksum is looked at. */
export function readTar(tar: Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>()
  let at = 0
  while (tar[at] !== 0) {
    const header = tar.subarray(at, at + 512)
    const text = (from: number, length: number): string =>
      header.toString('ascii', from, from + length).replace(/\0.*$/, '')
    const path = text(0, 100)
    const size = Number.parseInt(text(124, 12), 8)
    const blank = Buffer.from(header).fill(' ', 148, 156)
    if (blank.reduce((sum, byte) => sum + byte, 0) !== Number.parseInt(text(148, 8), 8))
      throw new Error(`The header of ${path} is not what was written`)
    files.set(path, tar.subarray(at + 512, at + 512 + size))
    at += 512 + Math.ceil(size / 512) * 512
  }
  if (tar.length - at !== 1024) throw new Error('The archive does not end with two empty blocks')
  return files
}
