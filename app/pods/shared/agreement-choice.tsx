import { AgreementOptions, type OfferedAgreement } from '#app/ui/plan/agreement-options.tsx'
import styles from './mapping-form.module.css'

interface AgreementChoiceProps {
  readonly agreements: readonly OfferedAgreement[]
  readonly agreementId: number | null
  readonly onChoose: (agreementId: number) => void
}

export function AgreementChoice({ agreements, agreementId, onChoose }: AgreementChoiceProps) {
  return (
    <fieldset className={styles['choices']}>
      <legend>Agreement</legend>
      {agreements.length === 0 ? (
        <p className={styles['quiet']}>The company has no agreement: make one in ConnectWise first.</p>
      ) : null}
      <AgreementOptions
        agreements={agreements}
        agreementId={agreementId}
        onChoose={({ id }) => onChoose(id)}
        className={styles['choice']}
      />
    </fieldset>
  )
}
