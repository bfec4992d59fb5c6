import {
  acceptInvitationSchema,
  firstOwnerSchema,
  invitationTokenSchema,
  invitedSchema,
  passwordChangeSchema,
} from '#app/api/schemas/people.ts'
import { prismSignInQuerySchema, sessionSchema, signInSchema } from '#app/api/schemas/session.ts'
import type { Contracts } from './contract.ts'

export const session = {
  'POST /api/session': {
    id: 'signIn',
    does: 'Signs a person in; the answer sets the session cookie.',
    access: 'open',
    body: signInSchema,
    reply: sessionSchema,
  },
  'GET /api/session': {
    id: 'session',
    does: 'Who is signed in.',
    access: 'session.read',
    reply: sessionSchema,
  },
  'DELETE /api/session': {
    id: 'signOut',
    does: 'Ends the session on the server too: a copy of the cookie opens nothing any more.',
    access: 'open',
    reply: 'nothing',
  },
  'DELETE /api/session/everywhere': {
    id: 'signOutEverywhere',
    does: 'Ends every session of the person.',
    access: 'own-account.write',
    reply: 'nothing',
  },
  'PUT /api/session/password': {
    id: 'changePassword',
    does: 'Changes the person’s own password: other sessions end, this one goes on.',
    access: 'own-account.write',
    body: passwordChangeSchema,
    reply: sessionSchema,
  },
  'PUT /api/session/invitation': {
    id: 'readInvitation',
    does: 'Whom a link invites. A PUT, because the token must not be in an address; it changes nothing.',
    access: 'open',
    body: invitationTokenSchema,
    reply: invitedSchema,
  },
  'POST /api/session/invitation': {
    id: 'acceptInvitation',
    does: 'Accepts an invitation and signs in.',
    access: 'open',
    body: acceptInvitationSchema,
    reply: sessionSchema,
  },
  'POST /api/session/first-owner': {
    id: 'makeFirstOwner',
    does: 'Makes the first organisation and its owner by the link that was printed at the first start.',
    access: 'open',
    body: firstOwnerSchema,
    reply: sessionSchema,
  },
  'GET /api/session/prism': {
    id: 'signInWithPrism',
    does: 'Sends the browser to PRISM to sign in.',
    access: 'open',
    query: prismSignInQuerySchema,
    reply: 'redirect',
  },
  'GET /api/session/prism/callback': {
    id: 'finishPrismSignIn',
    does: 'Where PRISM sends the browser back to; its query is PRISM’s.',
    access: 'open',
    reply: 'redirect',
  },
} as const satisfies Contracts
