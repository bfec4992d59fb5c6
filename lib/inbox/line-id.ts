/**
 * What a line of an annual invoice is called where it is asked about: its identity has all that the line charges in it, which is not
 * for everybody. The organisation's own id, which is nowhere shown, keeps it from being guessed.
 */
import { createHash } from 'node:crypto'
import { identityKey } from '#lib/billing/annual/line-identity.ts'
import type { CarriedLine } from '#lib/billing/types.ts'

export interface LineOwner {
  readonly organisationId: string
  readonly agreementId: number
}

/** 32 characters, each 0 to 9 or a to f. */
export const lineIdOf = ({ organisationId, agreementId }: LineOwner, line: CarriedLine): string =>
  createHash('sha256')
    .update(JSON.stringify([organisationId, agreementId, identityKey(line), line.turn]))
    .digest('hex')
    .slice(0, 32)
