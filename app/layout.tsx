import '@fontsource-variable/inter'
import './ui/kit/tokens.css'
import type { Metadata } from 'next'
import { connection } from 'next/server'
import type { ReactNode } from 'react'

export const metadata: Metadata = {
  title: 'Prism Pod',
  icons: { icon: '/icon.svg', apple: '/apple-touch-icon.png' },
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // A page made when the app is built would carry no nonce, and its scripts would not run (lib/base/answer-headers.ts).
  await connection()
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
