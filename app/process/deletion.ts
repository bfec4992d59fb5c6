/** Deleting one's organisation (I2). */
import type { BodyOf } from '#app/contracts/contract.ts'
import type { Table } from '#app/contracts/table.ts'
import { RequestRefused } from '#app/http/problem.ts'
import { organisation } from '#db/directory/organisations.ts'
import type { User } from '#db/people/people.ts'
import type { Principal } from '#lib/auth/actions.ts'
import { makeFirstOwnerLink } from '#lib/auth/first-owner.ts'
import type { Caller } from '#lib/auth/limits.ts'
import { proveAgain } from '#lib/auth/prove-again.ts'
import { log } from '#lib/base/log.ts'
import { enqueueDeletions } from '#lib/jobs/enqueue.ts'
import { beginDeletion } from '#lib/keeping/delete.ts'
import { deletionMail } from '#lib/notify/deletion.ts'
import { peopleContext } from './invite.ts'
import { server } from './process.ts'
import { runJobsAfterwards } from './worker.ts'

/** Throws `request-invalid` for another name, and what `proveAgain` and `beginDeletion` throw. */
export async function deleteOwnOrganisation(
  principal: Principal,
  caller: Caller,
  { name, ...proof }: BodyOf<Table['POST /api/organisation/deletion']>,
): Promise<void> {
  const { db, sealer } = server()
  const { organisationId } = principal
  const found = await organisation(db, organisationId)
  if (found?.name.trim() !== name.trim())
    throw new RequestRefused([
      { field: 'name', message: `Type the name as it stands here: ${found?.name ?? ''}` },
    ])
  await proveAgain({ ctx: { ...peopleContext(principal), sealer }, caller, input: proof })
  const ctx = { ...peopleContext(principal), now: new Date() }
  const others = await beginDeletion({ ctx })
  await enqueueDeletions(db)
  await tellOwners(others, { by: principal.actor, organisation: found.name, at: ctx.now })
  await noteNextBeginning()
  runJobsAfterwards()
}

/** Each by one mail, which is tried once: their addresses are gone from the database. */
async function tellOwners(
  owners: readonly Pick<User, 'email'>[],
  about: Omit<Parameters<typeof deletionMail>[0], 'to'>,
): Promise<void> {
  const { mailer } = server()
  if (mailer === null) return
  const sent = await Promise.allSettled(
    owners.map(({ email: to }) => mailer.send(deletionMail({ ...about, to }))),
  )
  const failed = sent.filter(({ status }) => status === 'rejected').length
  // What a mail server says of it names the address, which is to remain nowhere.
  if (failed > 0) log.warn('mail-not-sent', { kind: 'deletion', mails: failed })
}

/** Where it was the last one of a server, the next one begins as the first did: by a link in the server's own output. */
async function noteNextBeginning(): Promise<void> {
  const { db, env } = server()
  const link = env.owner === null ? await makeFirstOwnerLink(db, env.appUrl) : null
  if (link !== null) console.log(`There is no organisation any more. Create one and its owner at\n  ${link}`)
}
