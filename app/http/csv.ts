/** Lines of CSV (RFC 4180). */
export const csvLine = (values: readonly string[]): string => `${values.map(csvField).join(',')}\r\n`

/** A field that a spreadsheet would take for a formula gets an apostrophe; a number is none. */
export function csvField(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
