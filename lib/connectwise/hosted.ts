/**
 * Pods and tabs: the screens that can host them and their set-ups (docs/facts/host-api.md, "Installing" and
 * "Screens").
 */
import type { Manage } from 'connectwise-rest'
import { namesOf, type ReadList } from './lists.ts'
import * as kinds from './record-kinds.ts'
import type { Requests } from './requests.ts'
import type { LibraryOperations } from './transport.ts'
import type { ConnectWiseClient, HostedSetupDraft, Listed } from './values.ts'

type Part = Pick<
  ConnectWiseClient,
  'hostedScreens' | 'hostedSetups' | 'createHostedSetup' | 'updateHostedSetup' | 'deleteHostedSetup'
>

const setups = '/system/connectwisehostedsetups'

export function hostedCalls(requests: Requests): Part {
  return {
    hostedScreens: async () =>
      listed(
        await requests.all('/system/connectWiseHostedScreens', kinds.hostedScreens, (api, page) =>
          api.SystemAPI.getSystemConnectWiseHostedScreens(page),
        ),
      ),
    hostedSetups: async () =>
      listed(
        await requests.all(setups, kinds.hostedSetups, (api, page) =>
          api.SystemAPI.getSystemConnectwisehostedsetups(page),
        ),
      ),
    createHostedSetup: (draft) =>
      requests.one({ method: 'POST', path: setups }, kinds.hostedSetups, (api) =>
        api.SystemAPI.postSystemConnectwisehostedsetups(
          draft as Manage.SystemAPITypes.ConnectWiseHostedSetup,
        ),
      ),
    updateHostedSetup: (id, draft) =>
      requests.one({ method: 'PATCH', path: `${setups}/${id}` }, kinds.hostedSetups, (api) =>
        api.SystemAPI.patchSystemConnectwisehostedsetupsById(id, operations(draft)),
      ),
    deleteHostedSetup: (id) =>
      requests.done({ method: 'DELETE', path: `${setups}/${id}` }, (api) =>
        api.SystemAPI.deleteSystemConnectwisehostedsetupsById(id),
      ),
  }
}

const listed = <T>({ records, odd }: ReadList<T>): Listed<T> => ({ records, unreadable: namesOf(odd) })

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
