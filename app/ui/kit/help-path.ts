/** Addresses of troubleshooting pages (G3), without their texts: those are the server's. */

/** Of a finding, an error or another message that has a code. */
export const helpPath = (code: string): string => `/help/${encodeURIComponent(code)}`

const LONGEST = 500

/** Of a message of which only the words are known; the server finds the page. */
export const helpPathAbout = (message: string): string =>
  `/help?about=${encodeURIComponent(message.slice(0, LONGEST))}`
