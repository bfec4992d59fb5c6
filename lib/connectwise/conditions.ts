/**
 * ConnectWise's `conditions` (docs/facts/connectwise.md, "Lists"). How a quote is escaped is not known, so
 * none is ever sent.
 */

/** A text that can stand between double quotes as it is. */
export function isQuotable(text: string): boolean {
  return !/["'\\]/.test(text)
}

/** `field = "text"`, or where the text cannot be quoted a wider condition: compare the rows again. `''`: all rows. */
export function equals(field: string, text: string): string {
  return isQuotable(text) ? `${field} = "${text}"` : wider(field, text)
}

/** Rows that contain the longest harmless part of a text that cannot be quoted: more rows than meant. */
export function wider(field: string, text: string): string {
  const parts = text.match(/[\p{L}\p{N} .:-]+/gu) ?? []
  const longest = parts.reduce((a, b) => (b.trim().length > a.length ? b.trim() : a), '')
  return longest === '' ? '' : `${field} like "%${longest}%"`
}

/** `field in ("a","b")`; only of quotable texts. */
export function among(field: string, texts: readonly string[]): string {
  return `${field} in (${texts.map((text) => `"${text}"`).join(',')})`
}

export function amongIds(field: string, ids: readonly number[]): string {
  return `${field} in (${ids.join(',')})`
}

/** A condition's length in the URL, at most. */
export function encodedLength(text: string): number {
  return encodeURIComponent(text).length
}

/**
 * Cuts `items` into batches of at most `most` whose condition stays below `longest` encoded characters. An item that is
 * too long by itself gets a batch of its own.
 */
export function batches<T>(
  items: readonly T[],
  { most, longest }: { most: number; longest: number },
  condition: (batch: readonly T[]) => string,
): T[][] {
  const found: T[][] = []
  let batch: T[] = []
  for (const item of items) {
    const wouldBe = [...batch, item]
    const fits = wouldBe.length <= most && encodedLength(condition(wouldBe)) <= longest
    if (batch.length > 0 && !fits) {
      found.push(batch)
      batch = [item]
    } else batch = wouldBe
  }
  return batch.length === 0 ? found : [...found, batch]
}
