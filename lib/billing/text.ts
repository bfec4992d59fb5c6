/** Texts that ConnectWise's fields can hold. */

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * The beginning of `text` of at most `longest` UTF-16 units, which is what ConnectWise counts [inferred: it is a .NET product];
 * never cut inside a character, whatever that is made of.
 */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text
  let cut = ''
  for (const { segment } of characters.segment(text)) {
    if (cut.length + segment.length > longest) break
    cut += segment
  }
  return cut
}
