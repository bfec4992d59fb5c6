/**
 * Text that PostgreSQL, JSON and a mail can all hold. Foreign text passes here where it comes in (the mappers, the CSV reader,
 * request schemas refuse instead), and every failure's words before they are stored: noting a failure must never fail.
 */

/** Without U+0000, which PostgreSQL refuses, and with U+FFFD in the place of each lone surrogate, which UTF-8 cannot write. */
export const storable = (text: string): string => text.replaceAll('\u0000', '').toWellFormed()

/**
 * Whether half a character stands alone, or U+FFFD in the place of one. Text to read may have such a gap; an id with one is not
 * the id it was, and nobody knows which one that is.
 */
export const hasLostCharacters = (text: string): boolean => storable(text).includes('\uFFFD')

/** Whether `storable` would leave the text as it is. */
export const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed()
