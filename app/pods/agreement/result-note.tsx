import type { SyncResult } from '#app/api/schemas/pod.ts'
import { helpPathAbout } from '#app/ui/kit/help-path.ts'
import { Note } from '#app/ui/kit/note.tsx'

/** What became of the last sync as a whole, where its subscriptions do not say it. */
export function ResultNote({ result }: { result: SyncResult }) {
  const { message, note, status, detail, reference, remedy } = result
  if (message === null && note === null) return null
  const why = [detail, reference === null ? null : `Reference ${reference}.`].filter(Boolean).join(' ')
  return (
    <Note
      tone={status === 'Error' ? 'bad' : 'warn'}
      detail={why}
      remedy={remedy}
      help={message === null ? null : helpPathAbout(message)}
    >
      {message ?? note}
    </Note>
  )
}
