import { connectionsAddressSchema } from '#app/api/schemas/page-addresses.ts'
import { requirePage } from '#app/http/page-guard.ts'
import { type SearchParams, searchOf } from '#app/http/search-params.ts'
import { contractAgreementsOf } from '#app/process/contract-agreements.ts'
import { server } from '#app/process/process.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { shownConnection } from '#app/views/connections.ts'
import { shownInstanceRules } from '#app/views/instance-rules.ts'
import { type ConnectionKind, connectionsOf } from '#db/connections/connections.ts'
import { mayDo } from '#lib/auth/actions.ts'
import { type ErrorCode, errorKinds, ProductError } from '#lib/base/errors.ts'
import { type Program, programs } from '#lib/programs/registry.ts'
import styles from './connections.module.css'
import { ConnectWiseCard } from './connectwise-card.tsx'
import { ContractAgreement } from './contract-agreement.tsx'
import { InstanceRules } from './instance-rules.tsx'
import { PrismCard } from './prism-card.tsx'

export const metadata = { title: 'Connections · Prism Pod' }

export default async function ConnectionsPage({ searchParams }: { searchParams: SearchParams }) {
  const { refused, generate } = (await searchOf(connectionsAddressSchema, searchParams)).query
  const { organisationId, role, actor } = await requirePage('connections.read')
  const { db, env } = server()
  const stored = await connectionsOf(db, organisationId)
  const shown = (kind: ConnectionKind) =>
    shownConnection(kind, stored.find((each) => each.kind === kind) ?? null)
  const mayWrite = mayDo(role, 'connections.write')
  const prism = shown('prism')
  const connectWise = shown('connectwise')
  const agreements =
    prism.state === 'never' ? [] : await Promise.all(programs.map((each) => choiceOf(organisationId, each)))
  return (
    <>
      <h1>Connections</h1>
      <p className={styles['lead']}>
        Prism Pod reads invoices and prices from PRISM and writes products and additions to ConnectWise.
      </p>
      {refused === undefined ? null : <Refusal code={refused} />}
      <div className={styles['cards']}>
        <PrismCard
          connection={prism}
          mayWrite={mayWrite}
          email={actor}
          offersSignIn={env.prismSignIn !== null}
          isGenerating={generate === 'yes'}
        >
          {agreements.map(({ program, found, problem }) => (
            <ContractAgreement
              key={program.slug}
              program={{ slug: program.slug, name: program.name }}
              found={found}
              problem={problem === prism.error ? null : problem}
              mayWrite={mayWrite}
            />
          ))}
        </PrismCard>
        <ConnectWiseCard
          connection={connectWise}
          mayWrite={mayWrite}
          needsClientId={env.connectWiseClientId === null}
        />
      </div>
      {connectWise.state === 'never' ? null : (
        <InstanceRules {...(await shownInstanceRules(organisationId))} mayVerify={mayWrite} />
      )}
    </>
  )
}

/** PRISM may be out of reach: the page is the place where that is mended. */
async function choiceOf(organisationId: string, program: Program) {
  try {
    return { program, found: await contractAgreementsOf(organisationId, program), problem: null }
  } catch (error) {
    if (!(error instanceof ProductError)) throw error
    return { program, found: null, problem: error.detail }
  }
}

function Refusal({ code }: { code: ErrorCode }) {
  return (
    <Note tone="bad" remedy={errorKinds[code].remedy}>
      {errorKinds[code].meaning}
    </Note>
  )
}
