import type { Agreements } from '#app/api/schemas/connectwise.ts'
import { AgreementFindings } from './agreement-findings.tsx'

/** An agreement as far as it can be picked, with what speaks against it. */
export type OfferedAgreement = Pick<Agreements['agreements'][number], 'id' | 'name' | 'type' | 'findings'>

export const mayBePicked = ({ findings }: OfferedAgreement): boolean =>
  findings.every(({ severity }) => severity !== 'error')

const pickableFirst = (agreements: readonly OfferedAgreement[]): OfferedAgreement[] =>
  agreements.toSorted((a, b) => Number(mayBePicked(b)) - Number(mayBePicked(a)))

interface AgreementOptionsProps {
  readonly agreements: readonly OfferedAgreement[]
  readonly agreementId: number | null
  readonly onChoose: (agreement: OfferedAgreement) => void
  /** Of each option's label. */
  readonly className: string | undefined
}

/** A company's agreements to choose from. One that may not be picked is shown with the reason, not hidden (E4). */
export function AgreementOptions({ agreements, agreementId, onChoose, className }: AgreementOptionsProps) {
  return pickableFirst(agreements).map((agreement) => (
    <div key={agreement.id}>
      <label className={className}>
        <input
          type="radio"
          name="agreement"
          checked={agreement.id === agreementId}
          disabled={!mayBePicked(agreement)}
          onChange={() => onChoose(agreement)}
        />
        <span>
          {agreement.name} <small>{agreement.type}</small>
        </span>
      </label>
      <AgreementFindings findings={agreement.findings} />
    </div>
  ))
}
