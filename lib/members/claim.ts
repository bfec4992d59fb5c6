/** What a browser claims about the ConnectWise member in front of it. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { screenOrigins } from './frame-hosts.ts'

/**
 * Values go into a header: printable ASCII without what ends a cookie or a field (docs/facts/host-api.md,
 * "Proving a member").
 */
const headerText = (longest: number, refused: RegExp) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[\x21-\x7e]+$/)
    .refine((text) => !refused.test(text))

const memberClaimSchema = z.object({
  memberId: headerText(100, /[;,"\\:]/),
  memberHash: headerText(2048, /[;,"\\]/),
  memberContext: headerText(4096, /[;,"\\]/),
})
export type MemberClaim = z.infer<typeof memberClaimSchema>

/** As it was sent, of any length. */
export interface Claimed {
  readonly memberId: string
  readonly memberHash: string
  readonly memberContext: string
  readonly site?: string | undefined
  readonly companyId?: string | undefined
}

/** Where members sign in, as the connection was set up. */
export interface ConnectWisePlace {
  readonly site: string
  readonly companyId: string
}

/**
 * The claim; `null` where it can be no member's of this ConnectWise: another company's or site's, or with characters and lengths
 * that ConnectWise's own values never have. What it says of company and site proves nothing and is never asked with.
 */
export function readClaim(
  { site, companyId, ...claimed }: Claimed,
  place: ConnectWisePlace,
): MemberClaim | null {
  if (companyId && companyId.toLowerCase() !== place.companyId.toLowerCase()) return null
  if (site && hostOf(site) !== hostOf(place.site)) return null
  const claim = memberClaimSchema.safeParse(claimed)
  return claim.success ? claim.data : null
}

/** Of the screens: ConnectWise names its site by that host or by its API's. `''` where the text names none. */
function hostOf(site: string): string {
  const address = site.includes('://') ? site : `https://${site}`
  return URL.canParse(address) ? new URL(screenOrigins(address)[0] ?? address).host : ''
}

/** Recognises a claim that was checked a moment ago, without keeping the hash. */
export const claimKey = (
  { site, companyId }: ConnectWisePlace,
  { memberId, memberHash }: MemberClaim,
): string =>
  createHash('sha256')
    .update(JSON.stringify([site, companyId, memberId.toLowerCase(), memberHash]))
    .digest('hex')
