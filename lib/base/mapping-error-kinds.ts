/** What can go wrong with mapping a customer to an agreement (E2-E5); part of the table in `errors.ts`. */
export const mappingErrorKinds = {
  'not-mapped': {
    meaning: 'The customer is not mapped to an agreement.',
    remedy: 'Choose its company and agreement first.',
    status: 409,
  },
  'still-billed': {
    meaning: 'The customer is still billed on the agreement that it would leave.',
    remedy: 'Choose from which month on it is billed there no more, or leave its additions as they are.',
    status: 409,
  },
  'billed-already': {
    meaning: 'What PRISM charges may be billed in ConnectWise already, so Sync was not switched on.',
    remedy:
      'Map the customer with Sync off, answer what the review of its additions asks, then switch Sync on.',
    status: 409,
  },
  'agreement-gone': {
    meaning: 'The agreement is not in ConnectWise any more.',
    remedy:
      'Map its customers to another agreement, or switch their Sync off; where it was deleted by mistake, restore it in ConnectWise and sync again.',
    status: 404,
  },
  'agreement-unsuitable': {
    meaning: 'The agreement cannot carry the additions as it is set up.',
    remedy: 'Correct in ConnectWise what the detail names, or pick another agreement.',
    status: 422,
  },
} as const
