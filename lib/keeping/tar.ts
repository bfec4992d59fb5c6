/** Files as a tar archive (POSIX ustar), one after the other. */

const BLOCK = 512

/** A file's header and content, padded. @param path at most 100 characters, ASCII @param at seconds since 1970 */
export const tarEntry = (path: string, content: Buffer, at: number): Buffer => {
  const header = Buffer.alloc(BLOCK)
  const put = (text: string, from: number, length: number): void => {
    if (text.length > length) throw new Error(`What tar takes is shorter than ${text}`)
    header.write(text, from, 'ascii')
  }
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`
  put(path, 0, 100)
  put(octal(0o600, 8), 100, 8)
  put(octal(0, 8), 108, 8)
  put(octal(0, 8), 116, 8)
  put(octal(content.length, 12), 124, 12)
  put(octal(at, 12), 136, 12)
  put(' '.repeat(8), 148, 8)
  put('0', 156, 1)
  put('ustar\x0000', 257, 8)
  const sum = header.reduce((total, byte) => total + byte, 0)
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8)
  return Buffer.concat([header, content, Buffer.alloc(-content.length & (BLOCK - 1))])
}

/** Two empty blocks end it. */
export const tarEnd = Buffer.alloc(2 * BLOCK)
