/** What can go wrong with installing pods in ConnectWise (H5); part of the table in `errors.ts`. */
export const podErrorKinds = {
  'pods-denied': {
    meaning: 'The API member may not manage hosted screens in ConnectWise.',
    remedy:
      'In ConnectWise, give the API member’s security role “General / Manage Hosted API” under Table Setup: Inquire, Add, Edit and Delete All. Then try again, or enter the pods by hand: Connections › Pods in ConnectWise lists the values.',
    status: 422,
  },
  'pods-not-offered': {
    meaning: 'This ConnectWise does not let programs install pods.',
    remedy: 'Enter the pods by hand: Connections › Pods in ConnectWise lists the values and says where.',
    status: 422,
  },
  'pods-refused': {
    meaning: 'ConnectWise did not take the pod as it was sent.',
    remedy:
      'Correct what the message names in ConnectWise and try again, or enter the pod by hand: Connections › Pods in ConnectWise lists the values.',
    status: 502,
  },
  'pods-unanswered': {
    meaning: 'ConnectWise did not answer, so it is not known whether the pod was written.',
    remedy:
      'Look at the pods again in a minute: then the page shows what ConnectWise holds, and goes on from there. No pod is made twice.',
    status: 502,
  },
  'pods-unreachable': {
    meaning: 'ConnectWise did not answer.',
    remedy: 'Nothing was changed. Look again in a minute; if it stays so, the page Connections says why.',
    status: 502,
  },
} as const
