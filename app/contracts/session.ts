import {
  acceptInvitationSchema,
  firstOwnerSchema,
  invitationTokenSchema,
  invitedSchema,
  passwordChangeSchema,
} from '#app/api/schemas/people.ts'
import {
  begunFactorSchema,
  factorBeginSchema,
  factorCodeSchema,
  firstFactorSchema,
  prismSignInQuerySchema,
  sessionSchema,
  signInSchema,
} from '#app/api/schemas/session.ts'
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
  'POST /api/session/second-factor/first': {
    id: 'beginFirstSecondFactor',
    does: 'Begins a second factor for somebody who may not sign in without one. Shows the secret this once; a sign-in with its code confirms it.',
    access: 'open',
    body: firstFactorSchema,
    reply: begunFactorSchema,
  },
  'POST /api/session/second-factor': {
    id: 'beginSecondFactor',
    does: 'Begins the person’s second factor: shows the secret and the recovery codes this once; nothing is asked for before it is confirmed.',
    access: 'own-account.write',
    body: factorBeginSchema,
    reply: begunFactorSchema,
  },
  'PUT /api/session/second-factor': {
    id: 'confirmSecondFactor',
    does: 'Confirms the second factor with its first code: from now on a sign-in with the password asks for one.',
    access: 'own-account.write',
    body: factorCodeSchema,
    reply: 'nothing',
  },
  'POST /api/session/second-factor/removal': {
    id: 'takeOffSecondFactor',
    does: 'Takes the person’s second factor off, by a code of it.',
    access: 'own-account.write',
    body: factorCodeSchema,
    reply: 'nothing',
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
