import Link from 'next/link'
import styles from './sign-in/sign-in.module.css'

export const metadata = { title: 'Not found · Prism Pod' }

/** Every address that no page has, broken ones among them. */
export default function NotFound() {
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <h1>There is no such page.</h1>
        <p>The address is mistyped or cut off, or what it led to is not there any more.</p>
        <Link href="/">To the dashboard</Link>
      </div>
    </main>
  )
}
