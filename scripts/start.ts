/** `npm start`: the app in production on this machine, configured by the environment (and `.env`) alone. */
import { startApp } from './app-server.ts'
import { dataDirOf, loadDotEnv } from './deployment.ts'
import { printFirstOwnerLink } from './first-owner-link.ts'
import { launch } from './launcher.ts'
import { portOf } from './ports.ts'
import { startTicker } from './ticker.ts'

loadDotEnv()

await launch(async (held) => {
  const app = await startApp(
    {
      dataDir: dataDirOf(process.env),
      port: portOf('PORT', 3000),
      environment: process.env,
      output: 'console',
      log: console.log,
    },
    held,
  )
  held.use(startTicker({ ...app, isHourly: true }, 60, console.log))
  await printFirstOwnerLink(app.databaseUrl, app.appUrl)
  console.log(`Prism Pod runs at ${app.appUrl}. ${app.listens}`)
  return app
})
