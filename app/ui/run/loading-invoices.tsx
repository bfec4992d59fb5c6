'use client'
import { useRouter } from 'next/navigation'
import type { Loading } from '#app/api/schemas/invoices.ts'
import { useApi } from '#app/hooks/use-api.ts'
import { Progress } from '#app/ui/kit/progress.tsx'
import { loadingText } from './loading-text.ts'
import styles from './run-progress.module.css'

/** What is being read of PRISM's invoices, and how far it is (G5); then the page shows what came of it. */
export function LoadingInvoices({ program, loading }: { program: string; loading: Loading }) {
  const router = useRouter()
  const { data } = useApi('GET /api/invoices/loading', loading.length === 0 ? null : { query: { program } }, {
    refreshInterval: (latest) => (latest?.loading.length === 0 ? 0 : 2_000),
    onSuccess: (latest) => {
      if (latest.loading.length === 0) router.refresh()
    },
  })
  const text = loadingText(data?.loading ?? loading)
  if (text === null) return null
  return (
    <div className={styles['progress']} aria-live="polite">
      <span>{text}</span>
      <div className={styles['bar']}>
        <Progress label="Reading PRISM’s invoices" done={0} total={0} />
      </div>
    </div>
  )
}
