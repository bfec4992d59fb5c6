/** A person says when a subscription's term ends, where counting from its first purchase does not tell (J12). */

import type { Database } from '#db/client.ts'
import { audit } from '#db/people/audit.ts'
import { listedSubscriptions, putTermEnd } from '#db/prism/charged-terms.ts'
import { ProductError } from '#lib/base/errors.ts'
import { subscriptionKey } from '#lib/billing/keys.ts'
import type { Day } from '#lib/billing/types.ts'

interface TermEndContext {
  readonly db: Database
  readonly organisationId: string
  readonly program: string
  readonly actor: string
}

/** @param endsOn `null` takes back what was said. Throws `not-found` for a subscription that PRISM never listed. */
export const setTermEnd = async ({
  ctx: { db, organisationId, program, actor },
  input: { subscriptionId, endsOn },
}: {
  ctx: TermEndContext
  input: { readonly subscriptionId: string; readonly endsOn: Day | null }
}): Promise<void> =>
  db.transaction(async (tx) => {
    const [found] = await listedSubscriptions(tx, organisationId, program, [subscriptionKey(subscriptionId)])
    if (found === undefined)
      throw new ProductError('not-found', `PRISM never listed a subscription ${subscriptionId}.`)
    const said = { subscriptionId, endsOn, saidBy: actor }
    const before = await putTermEnd(tx, organisationId, program, said)
    if (before === endsOn) return
    const detail = { before: { termEndsOn: before }, after: { termEndsOn: endsOn } }
    await audit(tx, organisationId, { actor, action: 'term-end', subject: found.id, detail })
  })
