/** The text of a setting as panels, files and shells hand it over: what is around it goes, what cannot be seen is named. */

/** Without the spaces and line breaks around it, which a paste or `echo … | vercel env add` leaves behind. */
export const trimmed = (text: string): string => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')

const names: ReadonlyMap<string, string> = new Map([
  ['\n', 'a line break'],
  ['\r', 'a line break'],
  ['\t', 'a tab'],
  ['\u00a0', 'a no-break space'],
  ['\u00ad', 'a soft hyphen'],
  ['\u200b', 'a zero-width space'],
  ['\u200c', 'a zero-width non-joiner'],
  ['\u200d', 'a zero-width joiner'],
  ['\u2060', 'a word joiner'],
  ['\ufeff', 'a byte order mark'],
])

/** Controls, formats, and every space but the plain one. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u
const quotes: readonly string[] = ['""', "''", '``', '“”', '‘’', '„“', '«»']

/** What is wrong with a setting's text before anybody asks what it means; `null` where nothing is. Never quotes it. */
export function textProblem(text: string): string | null {
  const found = unseen.exec(text)
  if (found) {
    const [character] = found
    const place =
      found.index === 0 ? 'at its start' : found.index + 1 === text.length ? 'at its end' : 'inside'
    return `holds ${names.get(character) ?? 'a character that cannot be seen'} (${codePoint(character)}) ${place}: enter it again without`
  }
  const isQuoted = text.length > 1 && quotes.includes(`${text.at(0)}${text.at(-1)}`)
  return isQuoted ? 'is in quotation marks: enter it without them' : null
}

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
