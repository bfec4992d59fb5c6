import '@fontsource-variable/inter'
import './ui/kit/tokens.css'
import type { Metadata } from 'next'
import localFont from 'next/font/local'
import { connection } from 'next/server'
import type { ReactNode } from 'react'

// The letters that nearly every page needs are asked for with the page, so that no text moves when they come; others when they are met.
const latin = localFont({
  src: '../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  weight: '100 900',
  variable: '--inter-latin',
  adjustFontFallback: false,
})

export const metadata: Metadata = {
  title: 'Prism Pod',
  icons: { icon: '/icon.svg', apple: '/apple-touch-icon.png' },
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // A page made when the app is built would carry no nonce, and its scripts would not run (lib/base/answer-headers.ts).
  await connection()
  return (
    <html lang="en" className={latin.variable}>
      <body>{children}</body>
    </html>
  )
}
