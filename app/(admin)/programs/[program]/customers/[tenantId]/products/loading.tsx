import { Reading } from '#app/ui/kit/reading.tsx'

export default function Loading() {
  return <Reading />
}
