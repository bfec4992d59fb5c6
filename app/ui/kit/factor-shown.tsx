import styles from './factor-shown.module.css'
import { QrCode } from './qr-code.tsx'

export interface ShownFactor {
  readonly secret: string
  readonly uri: string
  readonly recoveryCodes: readonly string[]
}

/** What an authenticator is told, and the codes for the day it is lost; both are shown this once. */
export function FactorShown({ factor: { secret, uri, recoveryCodes } }: { factor: ShownFactor }) {
  return (
    <div className={styles['shown']}>
      <p>
        Scan this with your authenticator (Microsoft Authenticator, 1Password or another), or open it there{' '}
        <a href={uri}>on this device</a>.
      </p>
      <QrCode text={uri} label="QR code for your authenticator; it holds the key below" />
      <p>Or enter the key. It counts by time, six digits every 30 seconds.</p>
      <code className={styles['code']}>{secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
      <p>
        Keep these recovery codes where you keep passwords. Each lets you in once when your phone is lost;
        they are not shown again.
      </p>
      <code className={styles['code']}>{recoveryCodes.join('\n')}</code>
    </div>
  )
}
