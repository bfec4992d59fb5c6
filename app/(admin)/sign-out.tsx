'use client'
import { Button } from '#app/ui/kit/button.tsx'

export function SignOut() {
  const signOut = async () => {
    await fetch('/api/session', { method: 'DELETE' })
    window.location.assign('/sign-in')
  }
  return (
    <Button tone="plain" onClick={() => void signOut()}>
      Sign out
    </Button>
  )
}
