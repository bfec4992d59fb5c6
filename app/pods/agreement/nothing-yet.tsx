import type { MappedContent } from '#app/api/schemas/pod.ts'
import { Note } from '#app/ui/kit/note.tsx'
import { firstSyncText } from '#app/ui/plan/first-sync.ts'

/** Before the first sync: which invoice and which usage it takes (E6). */
export function NothingYet({ content }: { content: MappedContent }) {
  if (content.isOneTime)
    return <Note tone="quiet">No annual invoice was synced yet. Its additions come with the first one.</Note>
  const period = content.tenants.find(({ firstSync }) => firstSync !== null)?.firstSync?.period
  return (
    <Note tone="quiet">
      {period === undefined ? '' : 'Not synced yet. '}
      {firstSyncText(period)}
    </Note>
  )
}
