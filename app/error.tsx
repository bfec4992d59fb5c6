'use client'
import styles from './sign-in/sign-in.module.css'
import { PageFailed } from './ui/kit/page-failed.tsx'

/** Where there is no site around it. */
export default function ErrorPage({ error }: { error: Error & { readonly digest?: string } }) {
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <PageFailed digest={error.digest} />
      </div>
    </main>
  )
}
