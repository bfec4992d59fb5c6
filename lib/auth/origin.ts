/** Where a change is asked for from. Browsers say it with every request that is not a GET, and no page can say it otherwise. */
import { ProductError } from '#lib/base/errors.ts'

/** What of a request decides; a page hands in its headers, a route its request. */
export interface Asked {
  readonly method: string
  readonly headers: Pick<Headers, 'get'>
}

const READING = ['GET', 'HEAD', 'OPTIONS']

/**
 * Refuses a change that another site's page asks for, also of nobody who is signed in: signing somebody in as another is a
 * change, too. A bearer token is sent by who has it, and no page of another site can make a browser send one.
 */
export function refuseForeignOrigin({ appUrl }: { readonly appUrl: string }, asked: Asked): void {
  if (READING.includes(asked.method) || bearerOf(asked) !== null) return
  const origin = asked.headers.get('origin')
  // No browser leaves the origin out; a program that has no origin has no cookies of a person to misuse either.
  const isForeign = origin === null ? isFromElsewhere(asked) : !isOwn(origin, appUrl, asked)
  if (isForeign) throw foreign(origin)
}

/** Refuses a change that rests on a cookie and does not say where it comes from: a cookie is sent whoever asks. */
export function requireOrigin(asked: Asked): void {
  if (!READING.includes(asked.method) && asked.headers.get('origin') === null) throw foreign(null)
}

/** Refuses a visit that another site's page sent the browser on. */
export function refuseForeignVisit({ headers }: Asked): void {
  if (isFromElsewhere({ headers })) throw foreign(null)
}

/** The token of `Authorization: Bearer …`. */
export const bearerOf = ({ headers }: Asked): string | null =>
  /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null

/** The address of this deployment, or, where it is reached by another name, the one the request itself went to. */
function isOwn(origin: string, appUrl: string, { headers }: Asked): boolean {
  if (!URL.canParse(origin)) return false
  const [own, its] = [new URL(appUrl), new URL(origin)]
  return its.protocol === own.protocol && (its.host === own.host || its.host === headers.get('host'))
}

const isFromElsewhere = ({ headers }: Pick<Asked, 'headers'>): boolean =>
  ['cross-site', 'same-site'].includes(headers.get('sec-fetch-site') ?? '')

const foreign = (origin: string | null): ProductError =>
  new ProductError(
    'not-allowed',
    `A change was asked for from ${origin ?? 'an unnamed place'}, not from this site.`,
  )
