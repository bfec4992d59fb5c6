import type { Agreements } from '#app/api/schemas/connectwise.ts'
import { helpPath } from '#app/ui/kit/help-path.ts'
import { Note } from '#app/ui/kit/note.tsx'

interface AgreementFindingsProps {
  readonly findings: Agreements['agreements'][number]['findings']
}

/** What speaks against an agreement, and what is only worth knowing (A5). */
export function AgreementFindings({ findings }: AgreementFindingsProps) {
  return findings.map(({ code, severity, message, remedy, stillWrong }) => (
    <Note
      key={code}
      tone={severity === 'error' ? 'bad' : 'quiet'}
      remedy={remedy}
      stillWrong={stillWrong}
      help={helpPath('agreement-unfit')}
    >
      {message}
    </Note>
  ))
}
