'use client'
import styles from './sign-in/sign-in.module.css'
import { Button } from './ui/button.tsx'

interface ErrorPageProps {
  readonly error: Error & { readonly digest?: string }
  readonly reset: () => void
}

/** A page that failed for a reason that nobody foresaw. Next writes the reference beside the error into the log. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <h1>An unexpected error occurred</h1>
        <p>
          Nothing was changed. Try again; if it stays, pass the reference {error.digest} on to rhipe
          operations.
        </p>
        <Button onClick={reset}>Try again</Button>
      </div>
    </main>
  )
}
