/** Who somebody is here whom PRISM named (B6). */
import type { Database } from '#db/client.ts'
import {
  createOrganisation,
  lockPartner,
  notePrismPartner,
  organisationOfPartner,
} from '#db/directory/organisations.ts'
import { audit } from '#db/people/audit.ts'
import {
  addLogin,
  createUser,
  peopleOfLogin,
  type Role,
  type User,
  user,
  userByEmail,
} from '#db/people/people.ts'
import { ProductError } from '#lib/base/errors.ts'
import { asOneLine } from '#lib/base/one-line.ts'
import { stateOf } from './people.ts'
import type { PrismIdentity } from './prism-sign-in.ts'

type Named = Omit<PrismIdentity, 'accessToken'>

export interface PrismPerson {
  readonly person: User
  /** `waiting`: an owner must let the person in first. */
  readonly state: 'active' | 'waiting'
}

/**
 * The person, known or new. The first one of a partner that is unknown here creates its organisation and owns it, where
 * `selfSignUp` allows; later ones wait for an owner's yes unless they were invited. Throws `sign-in-refused`.
 */
export async function signInWithPrism({
  db,
  input: { identity, selfSignUp },
}: {
  db: Database
  input: { readonly identity: Named; readonly selfSignUp: boolean }
}): Promise<PrismPerson> {
  const person = await db.transaction(async (tx) => {
    // The first two people of a partner may come at once.
    await lockPartner(tx, identity.partnerId)
    const found = await organisationOfPartner(tx, identity.partnerId)
    if (found !== null) return memberOf(tx, found.id, identity)
    if (selfSignUp) return founderOf(tx, identity)
    throw new ProductError(
      'sign-in-refused',
      'Your organisation is not set up here yet; the operator of this site can do it.',
    )
  })
  const state = stateOf(person)
  if (state === 'disabled')
    throw new ProductError('sign-in-refused', `${person.email} is switched off; an owner can change that.`)
  return { person, state }
}

async function memberOf(db: Database, organisationId: string, identity: Named): Promise<User> {
  const known = (await peopleOfLogin(db, 'prism', identity.subject)).find(
    (person) => person.organisationId === organisationId,
  )
  if (known !== undefined) return known
  // Somebody who signs in by password or was switched off is the same person here.
  const sameAddress = identity.email === null ? null : await userByEmail(db, organisationId, identity.email)
  if (sameAddress === null)
    return newPerson(db, organisationId, identity, { role: 'viewer', waitingSince: new Date() })
  if (stateOf(sameAddress) === 'disabled') return sameAddress
  await addLogin(db, organisationId, sameAddress.id, 'prism', identity.subject)
  return sameAddress
}

async function founderOf(db: Database, identity: Named): Promise<User> {
  const name = identity.email?.split('@')[1] ?? `PRISM partner ${identity.partnerId}`
  const { id } = await createOrganisation(db, { name, prismPartnerId: identity.partnerId })
  return newPerson(db, id, identity, { role: 'owner' })
}

async function newPerson(
  db: Database,
  organisationId: string,
  { email, name, subject }: Named,
  as: { role: Role; waitingSince?: Date },
): Promise<User> {
  if (email === null)
    throw new ProductError('sign-in-refused', 'PRISM gave no verified e-mail address for you.')
  const person = { email, name: asOneLine(name), passwordHash: null }
  const created = await createUser(db, organisationId, { ...person, ...as })
  await addLogin(db, organisationId, created.id, 'prism', subject)
  const action = as.waitingSince === undefined ? 'create-organisation' : 'ask-to-join'
  await audit(db, organisationId, {
    actor: email,
    action,
    subject: email,
    detail: { after: { role: as.role } },
  })
  return created
}

/** Lets a person who has signed in otherwise sign in with PRISM, too, from now on. */
export async function linkPrism({
  db,
  input: { organisationId, userId, identity },
}: {
  db: Database
  input: { readonly organisationId: string; readonly userId: string; readonly identity: Named }
}): Promise<void> {
  await db.transaction(async (tx) => {
    const person = await user(tx, organisationId, userId)
    if (person === null) throw new ProductError('sign-in-needed', 'Nobody is signed in.')
    await addLogin(tx, organisationId, userId, 'prism', identity.subject)
    await notePrismPartner(tx, organisationId, identity.partnerId)
    await audit(tx, organisationId, { actor: person.email, action: 'link-prism', subject: person.email })
  })
}
