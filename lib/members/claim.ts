/** What a browser claims about the ConnectWise member in front of it. */
import { createHash } from 'node:crypto'
import { z } from 'zod'

/**
 * Values go into a header: printable ASCII without what ends a cookie or a field (docs/facts/host-api.md,
 * "Proving a member").
 */
const headerText = (longest: number, refused: RegExp) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[\x21-\x7e]+$/, 'has characters that ConnectWise’s own values never have')
    .refine((text) => !refused.test(text), 'has characters that ConnectWise’s own values never have')

export const memberClaimSchema = z.object({
  memberId: headerText(100, /[;,"\\:]/),
  memberHash: headerText(2048, /[;,"\\]/),
  memberContext: headerText(4096, /[;,"\\]/),
})
export type MemberClaim = z.infer<typeof memberClaimSchema>

/** Recognises a claim that was checked a moment ago, without keeping the hash. */
export const claimKey = (connectWiseCompany: string, { memberId, memberHash }: MemberClaim): string =>
  createHash('sha256')
    .update(JSON.stringify([connectWiseCompany, memberId.toLowerCase(), memberHash]))
    .digest('hex')
