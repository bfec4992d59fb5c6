// Before every npm script (its "pre" hook): installs the packages when they are missing or older than package-lock.json.
// Plain JavaScript without dependencies, because it is the one file that runs before anything is installed, on
// whatever Node the machine has (18 or newer). A hook, and not `setup && node ...` in one line: the shell would
// remember where it found the first `node`, and miss the project's own in node_modules/.bin that this one installs.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'node_modules', '.installed')

/** What the installed packages depend on: the lock file, and the machine whose binaries were fetched. */
function wantedInstall() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform} ${process.arch}`
}

if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wantedInstall()) process.exit(0)

console.log('Installing packages ...')
const flags = ['install', '--no-audit', '--no-fund', '--loglevel=error']
// npm names its own script where it started us; on Windows `npm` itself is no executable.
const npm = process.env.npm_execpath
const result = npm
  ? spawnSync(process.execPath, [npm, ...flags], { cwd: root, stdio: 'inherit' })
  : spawnSync('npm', flags, { cwd: root, stdio: 'inherit' })

if (result.status !== 0) {
  const reason = result.error
    ? result.error.message
    : `npm install ended with ${result.status ?? result.signal}`
  console.error(`The packages could not be installed: ${reason}. Run "npm install" to see the whole story.`)
  process.exit(1)
}
writeFileSync(stamp, wantedInstall())
