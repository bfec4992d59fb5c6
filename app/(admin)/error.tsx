'use client'
import { PageFailed } from '#app/ui/kit/page-failed.tsx'

/** Beside the navigation. */
export default function ErrorPage({ error }: { error: Error & { readonly digest?: string } }) {
  return <PageFailed digest={error.digest} />
}
