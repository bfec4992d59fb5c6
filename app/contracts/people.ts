import { memberRightSchema, membersRightSchema, membersSchema } from '#app/api/schemas/members.ts'
import {
  createdOrganisationSchema,
  invitationInputSchema,
  newOrganisationInputSchema,
  newTokenSchema,
  peopleSchema,
  personChangeSchema,
  sentInvitationSchema,
  tokenInputSchema,
  tokensQuerySchema,
  tokensSchema,
} from '#app/api/schemas/people.ts'
import { organisationInputSchema, organisationOptionsSchema } from '#app/api/schemas/session.ts'
import type { Contracts } from './contract.ts'
import { memberId, uuid } from './in-path.ts'

export const people = {
  'POST /api/organisations': {
    id: 'createOrganisation',
    does: 'The operator creates an organisation and invites its owner (B6).',
    access: 'operator-secret',
    body: newOrganisationInputSchema,
    reply: createdOrganisationSchema,
    status: 201,
  },
  'PUT /api/organisation': {
    id: 'changeOrganisation',
    does: 'Changes the organisation’s name and time zone.',
    access: 'organisation.write',
    body: organisationInputSchema,
    reply: organisationOptionsSchema,
  },
  'GET /api/people': {
    id: 'people',
    does: 'The organisation’s people and open invitations.',
    access: 'people.read',
    reply: peopleSchema,
  },
  'PUT /api/people/{id}': {
    id: 'changePerson',
    does: 'Gives a person another role, switches them off or on again, or lets in who waits.',
    access: 'people.write',
    path: { id: uuid },
    body: personChangeSchema,
    reply: 'nothing',
  },
  'DELETE /api/people/{id}/second-factor': {
    id: 'resetSecondFactor',
    does: 'Takes a person’s second factor off who has lost it, and ends their sessions.',
    access: 'people.write',
    path: { id: uuid },
    reply: 'nothing',
  },
  'POST /api/people/invitations': {
    id: 'invite',
    does: 'Invites a person by mail; where no mail goes out, the answer has the link.',
    access: 'people.write',
    body: invitationInputSchema,
    reply: sentInvitationSchema,
    status: 201,
  },
  'DELETE /api/people/invitations/{id}': {
    id: 'withdrawInvitation',
    does: 'Withdraws an invitation: its link works no more.',
    access: 'people.write',
    path: { id: uuid },
    reply: 'nothing',
  },
  'GET /api/members': {
    id: 'members',
    does: 'What members of ConnectWise may in a pod: all of them, and who has a right of their own or was proved here once.',
    access: 'people.read',
    reply: membersSchema,
  },
  'PUT /api/members': {
    id: 'changeMembers',
    does: 'Says what every member of ConnectWise may who has no right of their own.',
    access: 'people.write',
    body: membersRightSchema,
    reply: membersSchema,
  },
  'PUT /api/members/{memberId}': {
    id: 'changeMember',
    does: 'Gives one member of ConnectWise a right of their own; null takes it back.',
    access: 'people.write',
    path: { memberId },
    body: memberRightSchema,
    reply: membersSchema,
  },
  'GET /api/tokens': {
    id: 'tokens',
    does: 'A page of the API tokens that nobody revoked, the newest first.',
    access: 'tokens.read',
    query: tokensQuerySchema,
    reply: tokensSchema,
  },
  'POST /api/tokens': {
    id: 'makeToken',
    does: 'Makes an API token; the answer shows it, this once.',
    access: 'tokens.write',
    body: tokenInputSchema,
    reply: newTokenSchema,
    status: 201,
  },
  'DELETE /api/tokens/{id}': {
    id: 'revokeToken',
    does: 'Revokes an API token.',
    access: 'tokens.write',
    path: { id: uuid },
    reply: 'nothing',
  },
} as const satisfies Contracts
