import { settingsAddressSchema } from '#app/api/schemas/page-addresses.ts'
import type { People } from '#app/api/schemas/people.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { personOf } from '#app/http/session.ts'
import { server } from '#app/process/process.ts'
import { keptRows } from '#app/views/keeping.ts'
import { shownMembers } from '#app/views/members.ts'
import { shownPeople, shownTokens } from '#app/views/people.ts'
import { organisation } from '#db/directory/organisations.ts'
import { mappedAgreements } from '#db/keeping/standing.ts'
import { secondFactor } from '#db/people/second-factors.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { NO_PASSWORD } from '#lib/auth/prove-again.ts'
import { isDemanded } from '#lib/auth/second-factor.ts'
import { keptAlways } from '#lib/keeping/times.ts'
import { Account } from './account.tsx'
import { KeptList } from './kept-list.tsx'
import { Leaving } from './leaving.tsx'
import { MemberList } from './member-list.tsx'
import { OrganisationForm } from './organisation-form.tsx'
import { PeopleList } from './people-list.tsx'
import styles from './settings.module.css'
import { TokenList } from './token-list.tsx'

export const metadata = { title: 'Settings · Prism Pod' }

export default async function SettingsPage({ searchParams }: { searchParams: SearchParams }) {
  const asked = (await searchOf(settingsAddressSchema, searchParams)).query
  const principal = await requirePage('own-account.write')
  const { organisationId, role } = principal
  const person = await personOf(principal)
  const [own, isFactorDemanded] = await Promise.all([
    secondFactor(server().db, organisationId, person.id),
    isDemanded(server().db, person),
  ])
  const isOwner = mayDo(role, 'people.write')
  const [found, people, members, tokens, kept, agreements] = isOwner
    ? await Promise.all([
        organisation(server().db, organisationId),
        shownPeople(organisationId),
        shownMembers(organisationId),
        shownTokens(organisationId, asked.tokens),
        keptRows(organisationId),
        mappedAgreements(server().db, organisationId),
      ])
    : [null, null, null, null, null, 0]
  const isOtherOwner = ({ id, role: its, state }: People['people'][number]) =>
    its === 'owner' && state === 'active' && id !== person.id
  return (
    <div className={styles['page']}>
      <h1>Settings</h1>
      {people === null ? null : <PeopleList shown={people} self={person.id} />}
      {members === null ? null : <MemberList shown={members} />}
      {tokens === null ? null : <TokenList shown={tokens} />}
      {found === null ? null : (
        <OrganisationForm
          name={found.name}
          timeZone={found.timeZone}
          secondFactor={found.secondFactor}
          packsAfterMonths={found.packsAfterMonths}
          timeZones={[...new Set(['UTC', found.timeZone, ...Intl.supportedValuesOf('timeZone')])]}
        />
      )}
      <Account
        email={person.email}
        role={role}
        hasPassword={person.passwordHash !== null}
        hasSecondFactor={(own?.confirmedAt ?? null) !== null}
        isDemanded={isFactorDemanded}
      />
      {kept === null ? null : <KeptList rows={kept} always={keptAlways} />}
      {found === null ? null : (
        <Leaving
          name={found.name}
          agreements={agreements}
          hasSecondFactor={(own?.confirmedAt ?? null) !== null}
          otherOwners={people?.people.filter(isOtherOwner).length ?? 0}
          sendsMail={server().mailer !== null}
          whyNot={person.passwordHash === null ? NO_PASSWORD : null}
        />
      )}
    </div>
  )
}
