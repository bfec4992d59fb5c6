import { configDefaults, defineConfig } from 'vitest/config'

const everyTest = ['**/*.test.ts', '**/*.test.tsx']
const pureTests = [
  'lib/{billing,catalog,matching,mapping-file,proof,renewals,host-api}/**/*.test.ts',
  'lib/ledger/outcome.test.ts',
  'db/organisation-first.test.ts',
  'tidy.test.ts',
]
const exclude = [...configDefaults.exclude, '.next/**', '.data/**', 'e2e/**']

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'pure', include: pureTests, exclude, testTimeout: 120_000 } },
      {
        test: {
          name: 'integration',
          include: everyTest,
          exclude: [...exclude, ...pureTests],
          // Only here, so that the pure rooms' tests start at once.
          globalSetup: 'scripts/testing/database-setup.ts',
          // For what hangs; a busy machine takes five times as long as an idle one.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // One more than the usual machine has processors, as each waits for a third of its time.
          maxWorkers: 3,
        },
      },
    ],
  },
})
