import { defineConfig } from '@playwright/test'
import { BROWSER_VARIABLE, ensureBrowser, lightestBrowser } from './scripts/browser.ts'

// Set here for the workers, which load this file again.
const browser = (process.env[BROWSER_VARIABLE] ??= ensureBrowser(console.log))

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './scripts/testing/browser-setup.ts',
  // A stack for each worker. The tests of a file take turns, and files that share a worker share its agreements.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    // Without a film, which takes the processor a twentieth of what a test does. Its steps keep the page's elements.
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: {
      executablePath: lightestBrowser(browser),
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-quic',
        '--no-first-run',
      ],
    },
  },
})
