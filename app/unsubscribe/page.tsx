import styles from '../sign-in/sign-in.module.css'
import { UnsubscribeForm } from './unsubscribe-form.tsx'

export const metadata = { title: 'Unsubscribe · Prism Pod' }

export default function UnsubscribePage() {
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <h1>Prism Pod</h1>
        <UnsubscribeForm />
      </div>
    </main>
  )
}
