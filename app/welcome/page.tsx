import styles from '../sign-in/sign-in.module.css'
import { FirstOwnerForm } from './first-owner-form.tsx'

export const metadata = { title: 'Welcome · Prism Pod' }

export default function WelcomePage() {
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <h1>Welcome to Prism Pod</h1>
        <p>Create your organisation; you will be its owner.</p>
        <FirstOwnerForm />
      </div>
    </main>
  )
}
