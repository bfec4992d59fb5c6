import { Reading } from '#app/ui/reading.tsx'

export default function Loading() {
  return <Reading />
}
