import styles from '../sign-in/sign-in.module.css'
import { InvitationForm } from './invitation-form.tsx'

export const metadata = { title: 'Invitation · Prism Pod' }

export default function InvitationPage() {
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <h1>Prism Pod</h1>
        <InvitationForm />
      </div>
    </main>
  )
}
