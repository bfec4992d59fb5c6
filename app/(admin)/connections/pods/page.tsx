import Link from 'next/link'
import { requirePage } from '#app/http/page-guard.ts'
import { lookAtOurPods, ourPodsByHand } from '#app/process/hosted-setups.ts'
import { orProblem } from '#app/ui/kit/page-problem.tsx'
import { mayDo } from '#lib/auth/actions.ts'
import { ValuesByHand, WhereByHand } from './by-hand.tsx'
import { LookAgain } from './look-again.tsx'
import { NAMES } from './pod-words.ts'
import styles from './pods.module.css'
import { Pods } from './pods.tsx'
import { Trouble } from './trouble.tsx'

export const metadata = { title: 'Pods · Prism Pod' }

export default async function PodsPage() {
  const { organisationId, role } = await requirePage('connections.read')
  const [found, byHand] = await Promise.all([
    orProblem(lookAtOurPods(organisationId)),
    ourPodsByHand(organisationId),
  ])
  return (
    <>
      <p className={styles['back']}>
        <Link href="/connections">Connections</Link>
      </p>
      <h1>Pods in ConnectWise</h1>
      <p className={styles['lead']}>
        What people see of Prism Pod on ConnectWise’s own screens. Install enters it in ConnectWise under
        Manage Hosted API; Remove takes out what Prism Pod put there, and nothing else.
      </p>
      {'problem' in found ? (
        <div className={styles['failed']}>
          <Trouble problem={found.problem} />
          <LookAgain />
          <h2>By hand</h2>
          <WhereByHand />
          <ul className={styles['pods']}>
            {byHand.map((each) => (
              <li key={each.pod} className={styles['pod']}>
                <h3>{NAMES[each.pod]}</h3>
                <ValuesByHand {...each} />
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <Pods {...found} mayInstall={mayDo(role, 'pods.install')} />
      )}
    </>
  )
}
