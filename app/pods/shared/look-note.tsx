import { Note } from '#app/ui/kit/note.tsx'

export function LookNote() {
  return (
    <Note tone="quiet" remedy="An owner can allow it in Prism Pod, under Settings, Members of ConnectWise.">
      You can look, but not map or sync.
    </Note>
  )
}
