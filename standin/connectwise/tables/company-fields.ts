import { date, flag, integer, list, number, object, oneOf, reference, required, text } from '../fields.ts'
import { each, type Fields } from './values.ts'

const userDefined = each(
  Array.from({ length: 10 }, (_, index) => `userDefinedField${index + 1}`).join(' '),
  text(50),
)

export const companyFields: Fields = {
  identifier: text(25, { required: true, unique: 'Company ID already in use.' }),
  name: text(50, required),
  status: reference('companyStatuses', 'name', { standard: { id: 1 } }),
  ...each('addressLine1 addressLine2 city state', text(50)),
  zip: text(12),
  country: object(),
  ...each('phoneNumber faxNumber', text(30)),
  website: text(255),
  leadSource: text(50),
  ...each('accountNumber vendorIdentifier taxIdentifier resellerIdentifier', text()),
  ...each('invoiceToEmailAddress invoiceCCEmailAddress facebookUrl twitterUrl linkedInUrl', text()),
  ...each('deletedBy mobileGuid', text()),
  yearEstablished: integer({ range: [1900, 9999] }),
  ...each('numberOfEmployees revenueYear', integer()),
  annualRevenue: number(),
  ...each('dateAcquired dateDeleted', date()),
  ...each('leadFlag unsubscribeFlag isVendorFlag deletedFlag', flag()),
  ...each('defaultContact billingContact', reference('contacts', 'name')),
  ...each('parentCompany billToCompany', reference('companies', 'identifier')),
  territoryManager: reference('members', 'identifier'),
  currency: reference('currencies', 'name'),
  ...each('territory market sicCode ownershipType timeZoneSetup calendar site billingSite', object()),
  ...each('taxCode billingTerms invoiceTemplate pricingSchedule companyEntityType', object()),
  invoiceDeliveryMethod: object(),
  ...each('types integratorTags customFields', list()),
  ...userDefined,
}

export const companyStatusFields: Fields = {
  name: text(50, required),
  ...each(
    'defaultFlag inactiveFlag notifyFlag disallowSavingFlag customNoteFlag cancelOpenTracksFlag',
    flag(),
  ),
  notificationMessage: text(500),
  track: object(),
}

export const companyTypeFields: Fields = {
  name: text(50, required),
  ...each('defaultFlag vendorFlag serviceAlertFlag', flag()),
  serviceAlertMessage: text(150),
}

/** The stand-in's contacts have one `name`; the real ones are made of first and last name. */
export const contactFields: Fields = {
  name: text(50, required),
  company: reference('companies', 'identifier'),
  ...each('firstName lastName title school nickName significantOther children', text()),
  ...each('addressLine1 addressLine2 city state zip relationshipOverride', text()),
  ...each('securityIdentifier portalPassword birthDay anniversary mobileGuid', text()),
  ...each('facebookUrl twitterUrl linkedInUrl', text()),
  ...each('defaultPhoneType defaultPhoneNbr defaultPhoneExtension', text()),
  ...each('site country relationship department companyLocation photo', object()),
  ...each('managerContact assistantContact', reference('contacts', 'name')),
  ...each('inactiveFlag marriedFlag childrenFlag disablePortalLoginFlag unsubscribeFlag', flag()),
  ...each('defaultBillingFlag defaultFlag ignoreDuplicates', flag()),
  ...each('defaultMergeContactId portalSecurityLevel', integer()),
  gender: oneOf(['Female', 'Male']),
  presence: oneOf(['NoAgent', 'Online', 'DoNotDisturb', 'Away', 'Offline']),
  ...each('communicationItems types integratorTags customFields typeIds', list()),
  ...userDefined,
}
