/** Names are one line: in a mail, a list or a log a second one could pass for somebody else's words. */

/** Ends of lines in every writing system, and the other control characters; Unicode's categories Cc, Zl and Zp. */
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]/u

export const isOneLine = (text: string): boolean => !BREAKS.test(text)

/** What breaks the line becomes a space. */
export const asOneLine = (text: string): string =>
  text
    .split(BREAKS)
    .filter((part) => part !== '')
    .join(' ')
    .trim()
