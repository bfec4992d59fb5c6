/** `npm start`: the app in production on this machine, configured by the environment (and `.env`) alone. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './app-build.ts'
import { startApp } from './app-server.ts'
import { printFirstOwnerLink } from './first-owner-link.ts'
import { launch } from './launcher.ts'
import { portOf } from './ports.ts'
import { startTicker } from './ticker.ts'

const dotEnv = join(root, '.env')
if (existsSync(dotEnv)) process.loadEnvFile(dotEnv)

await launch(async (held) => {
  const app = await startApp(
    {
      dataDir: process.env.DATA_DIR?.trim() || join(root, '.data'),
      port: portOf('PORT', 3000),
      environment: process.env,
      output: 'console',
      log: console.log,
    },
    held,
  )
  held.use(startTicker({ ...app, isHourly: true }, 60, console.log))
  await printFirstOwnerLink(app.databaseUrl, app.appUrl)
  console.log(`Prism Pod runs at ${app.appUrl}`)
  return app
})
