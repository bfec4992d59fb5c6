/** Pods and tabs: the screens that can host them and their set-ups (facts/hosted-api 2, 3). */
import type { Manage } from 'connectwise-rest'
import { hostedScreenSchema, hostedSetupSchema } from './api-types.ts'
import { toHostedSetup } from './mapper.ts'
import type { Requests } from './requests.ts'
import type { LibraryOperations } from './transport.ts'
import type { ConnectWiseClient, HostedSetupDraft } from './values.ts'

type Part = Pick<
  ConnectWiseClient,
  'hostedScreens' | 'hostedSetups' | 'createHostedSetup' | 'updateHostedSetup' | 'deleteHostedSetup'
>

const setups = '/system/connectwisehostedsetups'

export function hostedCalls(requests: Requests): Part {
  return {
    hostedScreens: () =>
      requests.all(
        '/system/connectWiseHostedScreens',
        hostedScreenSchema,
        (screen) => screen,
        (api, page) => api.SystemAPI.getSystemConnectWiseHostedScreens(page),
      ),
    hostedSetups: () =>
      requests.all(setups, hostedSetupSchema, toHostedSetup, (api, page) =>
        api.SystemAPI.getSystemConnectwisehostedsetups(page),
      ),
    createHostedSetup: (draft) =>
      requests.one({ method: 'POST', path: setups }, hostedSetupSchema, toHostedSetup, (api) =>
        api.SystemAPI.postSystemConnectwisehostedsetups(
          draft as Manage.SystemAPITypes.ConnectWiseHostedSetup,
        ),
      ),
    updateHostedSetup: (id, draft) =>
      requests.one({ method: 'PATCH', path: `${setups}/${id}` }, hostedSetupSchema, toHostedSetup, (api) =>
        api.SystemAPI.patchSystemConnectwisehostedsetupsById(id, operations(draft)),
      ),
    deleteHostedSetup: (id) =>
      requests.done({ method: 'DELETE', path: `${setups}/${id}` }, (api) =>
        api.SystemAPI.deleteSystemConnectwisehostedsetupsById(id),
      ),
  }
}

/** Every field of the draft, and switched on: a repair. */
function operations(draft: HostedSetupDraft): LibraryOperations {
  const set = { ...draft, disabledFlag: false }
  // The library's type of an operation takes objects only as its value.
  return Object.entries(set).map(([path, value]) => ({
    op: 'replace',
    path,
    value,
  })) as unknown as LibraryOperations
}
