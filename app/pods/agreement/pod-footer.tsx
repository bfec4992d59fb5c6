import type { MappedContent } from '#app/api/schemas/pod.ts'
import type { HostClient } from '#lib/host-api/client.ts'
import styles from './agreement-pod.module.css'

interface PodFooterProps {
  readonly content: MappedContent
  readonly host: HostClient | null
  readonly isOnSite: boolean
  readonly showCost: boolean
  readonly onShowCost: (shown: boolean) => void
}

export function PodFooter({ content, host, isOnSite, showCost, onShowCost }: PodFooterProps) {
  const { agreement, company, program, tenants, result, may } = content
  const [tenant] = tenants
  const subscriptions = result?.periods[0]?.subscriptions.length
  const counted =
    subscriptions === undefined
      ? agreement.name
      : `${subscriptions} ${subscriptions === 1 ? 'subscription' : 'subscriptions'}`
  return (
    <footer className={styles['footer']}>
      <span className={styles['counts']}>{counted}</span>
      {result === null || !may.seeCost ? null : (
        <label>
          <input type="checkbox" checked={showCost} onChange={(event) => onShowCost(event.target.checked)} />
          Show cost
        </label>
      )}
      {tenant === undefined || isOnSite ? null : (
        <a
          className={styles['link']}
          href={`/programs/${program.slug}/customers/${tenant.id}`}
          target="_blank"
          rel="noopener"
        >
          Open in Prism Pod
        </a>
      )}
      {host === null ? null : (
        <button type="button" className={styles['link']} onClick={() => host.openCompany(company.id)}>
          Open {company.name}
        </button>
      )}
    </footer>
  )
}
