import { bodyOf, reply, requireBearer, route } from '#app/http/route.ts'
import { inviteByMail } from '#app/process/invite.ts'
import { server } from '#app/process/process.ts'
import { createOrganisation } from '#db/directory/organisations.ts'
import { OPERATOR } from '#db/people/invitations.ts'
import { createdOrganisationSchema, organisationInputSchema } from '../schemas/people.ts'

/** The operator creates an organisation and invites its owner (B6). */
export const POST = route(async (request) => {
  const { db, env } = server()
  requireBearer(
    request,
    env.operatorSecret,
    "This is the operator's: it needs the bearer secret OPERATOR_SECRET.",
  )
  const { name, ownerEmail } = await bodyOf(request, organisationInputSchema)
  const { id, publicId } = await createOrganisation(db, { name })
  const ctx = { db, organisationId: id, actor: OPERATOR }
  const invitation = await inviteByMail(ctx, { email: ownerEmail, role: 'owner' })
  return reply(createdOrganisationSchema, { id, publicId, name, invitation }, { status: 201 })
})
