/**
 * Playwright's `test`: each worker has a stack of its own, and no page of any context may meet the policy it came with, or fail in
 * a script.
 */
import { type BrowserContext, test as base } from '@playwright/test'
import { startTestStack } from '#scripts/testing/test-stack.ts'

/** What a page of ours tells of itself; the vendor's and the stand-ins' have policies of their own. */
interface Violation {
  readonly page: string
  readonly directive: string
  readonly blocked: string
  readonly sample: string
}

interface Watch {
  /** What was met and nobody asked for. Taking it says that it was meant. */
  taken(): Violation[]
}

async function watch(context: BrowserContext, found: Violation[]): Promise<void> {
  await context.exposeBinding('noteViolation', (_, violation: Violation) => {
    found.push(violation)
  })
  await context.addInitScript(() => {
    const { noteViolation } = window as unknown as { noteViolation: (violation: unknown) => void }
    document.addEventListener('securitypolicyviolation', (event) =>
      noteViolation({
        page: event.documentURI,
        directive: event.effectiveDirective,
        blocked: event.blockedURI,
        sample: `${event.sourceFile ?? ''}:${event.lineNumber} ${event.sample}`,
      }),
    )
  })
  context.on('weberror', (thrown) => {
    const error = thrown.error()
    found.push({
      page: thrown.page()?.url() ?? '',
      directive: 'error',
      blocked: error.message,
      sample: error.stack ?? '',
    })
  })
}

/** Longer than a stack takes on a machine that is busy with another worker's. */
const stackWithinMs = 240_000

export const test = base.extend<{ policy: Watch }, { alone: string; stack: undefined }>({
  /** Named by a file that needs a stack in which nothing was done yet: it gets a worker of its own. */
  alone: ['', { option: true, scope: 'worker' }],
  stack: [
    // Playwright reads the fixtures it needs from a pattern, which has to be one.
    async ({ browserName: _ }, use) => {
      await using held = new AsyncDisposableStack()
      const stack = await startTestStack(held)
      // Read by `screens.ts`.
      process.env['APP_URL'] = stack.appUrl
      process.env['CONNECTWISE_URL'] = stack.connectWiseUrl
      process.env['PRISM_URL'] = stack.prismUrl
      process.env['CRON_SECRET'] = stack.cronSecret
      process.env['STACK_DATABASE_URL'] = stack.databaseUrl
      process.env['OWNER_EMAIL'] = stack.owner.email
      process.env['OWNER_PASSWORD'] = stack.owner.password
      await use(undefined)
    },
    { scope: 'worker', auto: true, timeout: stackWithinMs },
  ],
  policy: [
    async ({ browser, context }, use) => {
      const found: Violation[] = []
      await watch(context, found)
      const open = browser.newContext.bind(browser)
      // Tests open contexts of their own for a second person.
      browser.newContext = async (options) => {
        const opened = await open(options)
        await watch(opened, found)
        return opened
      }
      await use({ taken: () => found.splice(0) })
      browser.newContext = open
      if (found.length > 0)
        throw new Error(`Pages met their policy, or failed: ${JSON.stringify(found, null, 2)}`)
    },
    { auto: true },
  ],
})
