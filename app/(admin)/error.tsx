'use client'
import { Button } from '#app/ui/button.tsx'
import { Note } from '#app/ui/note.tsx'

interface ErrorPageProps {
  readonly error: Error & { readonly digest?: string }
  readonly reset: () => void
}

/** As the site's own, beside the navigation. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <>
      <h1>An unexpected error occurred</h1>
      <Note
        tone="bad"
        remedy={`Try again; if it stays, pass the reference ${error.digest} on to rhipe operations.`}
      >
        This page could not be shown. Nothing was changed.
      </Note>
      <Button onClick={reset}>Try again</Button>
    </>
  )
}
