import type { Agreements } from '#app/api/schemas/connectwise.ts'
import { AgreementFindings } from './agreement-findings.tsx'
import styles from './mapping-form.module.css'

/** An agreement as far as it can be picked, with what speaks against it. */
export type OfferedAgreement = Pick<Agreements['agreements'][number], 'id' | 'name' | 'type' | 'findings'>

export const mayBePicked = ({ findings }: OfferedAgreement): boolean =>
  findings.every(({ severity }) => severity !== 'error')

const pickableFirst = (agreements: readonly OfferedAgreement[]): OfferedAgreement[] =>
  agreements.toSorted((a, b) => Number(mayBePicked(b)) - Number(mayBePicked(a)))

interface AgreementChoiceProps {
  readonly agreements: readonly OfferedAgreement[]
  readonly agreementId: number | null
  readonly onChoose: (agreementId: number) => void
}

/** A company's agreements. One that may not be picked is shown with the reason, not hidden (E4). */
export function AgreementChoice({ agreements, agreementId, onChoose }: AgreementChoiceProps) {
  return (
    <fieldset className={styles['choices']}>
      <legend>Agreement</legend>
      {agreements.length === 0 ? (
        <p className={styles['quiet']}>The company has no agreement: make one in ConnectWise first.</p>
      ) : null}
      {pickableFirst(agreements).map((agreement) => (
        <div key={agreement.id}>
          <label className={styles['choice']}>
            <input
              type="radio"
              name="agreement"
              checked={agreement.id === agreementId}
              disabled={!mayBePicked(agreement)}
              onChange={() => onChoose(agreement.id)}
            />
            <span>
              {agreement.name} <span className={styles['quiet']}>{agreement.type}</span>
            </span>
          </label>
          <AgreementFindings findings={agreement.findings} />
        </div>
      ))}
    </fieldset>
  )
}
