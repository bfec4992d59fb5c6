import { z } from 'zod'
import { memberRights } from '#lib/base/member-rights.ts'
import { oneOf } from './fields.ts'

const right = oneOf(memberRights)

export const membersRightSchema = z.strictObject({ right })
/** `null`: what every member may. */
export const memberRightSchema = z.strictObject({ right: right.nullable() })

export const membersSchema = z.object({
  /** What a member may who has no right of their own. */
  everyone: right,
  members: z.array(
    z.object({
      /** ConnectWise's member identifier, in lower case. */
      memberId: z.string(),
      /** `''` where ConnectWise has not named them yet. */
      name: z.string(),
      ownRight: right.nullable(),
      /** When ConnectWise last confirmed who they are; `null`: never yet. */
      provedAt: z.iso.datetime().nullable(),
    }),
  ),
})
export type Members = z.infer<typeof membersSchema>
