/**
 * What every answer tells the browser: what a page may load, who may frame it, and what else it may not do. One module for all
 * who answer: the middleware (pages, API), next.config.js (files, whatever serves them) and the front door of `npm start` (what
 * Next answers before any of ours is asked).
 */

/** Powers of a browser that no page of ours uses; what is not named keeps the browser's own default. */
const DENIED = [
  'accelerometer',
  'autoplay',
  'camera',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'publickey-credentials-get',
  'screen-wake-lock',
  'usb',
  'xr-spatial-tracking',
]

/** The same on every answer. */
export const fixedHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  // A pod's address names the organisation and the record.
  'referrer-policy': 'same-origin',
  'permissions-policy': DENIED.map((power) => `${power}=()`).join(', '),
  // Browsers heed it of a whole window only, so a pod in its frame goes on talking to the screen around it.
  'cross-origin-opener-policy': 'same-origin',
}

/** Nobody may frame it. */
export const NOBODY: readonly string[] = ["'none'"]

/** Of what is no page: data, files, redirects. Opened by itself it loads and runs nothing. */
export const dataPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export interface PagePolicy {
  /** Base64; new for every answer, so that only what this answer was made with runs. */
  readonly nonce: string
  /** Who may frame the page: origins, `*`, or `NOBODY`. */
  readonly framedBy: readonly string[]
  /** `next dev` runs code from strings, puts styles into the page and is told of edits by a WebSocket. */
  readonly development: boolean
}

/**
 * A page runs the scripts that came with it and those that these load (`strict-dynamic`; `'self'` is for browsers that do not
 * know it), shows styles of our own files, and talks to us alone. Neither an inline script nor a style attribute is obeyed.
 */
export function pagePolicy({ nonce, framedBy, development }: PagePolicy): string {
  const own = `'nonce-${nonce}'`
  return [
    "default-src 'none'",
    `script-src 'self' ${own} 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    // With a nonce beside it `unsafe-inline` would not count.
    `style-src 'self' ${development ? "'unsafe-inline'" : own}`,
    "img-src 'self'",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws: wss:' : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${framedBy.join(' ')}`,
  ].join('; ')
}

const YEAR_SECONDS = 365 * 24 * 60 * 60

/**
 * From then on a browser reaches this host by https only. Nothing where the deployment's address is not https: it could not be
 * reached any more. Other hosts of the domain are not ours to decide about.
 */
export const transportSecurity = (appUrl: string | undefined): Readonly<Record<string, string>> =>
  /^\s*https:/i.test(appUrl ?? '') ? { 'strict-transport-security': `max-age=${YEAR_SECONDS}` } : {}
