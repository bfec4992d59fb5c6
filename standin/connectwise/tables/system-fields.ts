import { date, flag, integer, list, number, object, oneOf, reference, required, text } from '../fields.ts'
import { each, type Fields } from './values.ts'

export const hostedSetupFields: Fields = {
  screenId: integer({ required: true, idOf: 'hostedScreens' }),
  description: text(50, required),
  url: text(1024, required),
  type: oneOf(['Tab', 'Pod', 'ToolbarButton'], required),
  origin: text(100),
  podHeight: integer(),
  clientId: text(36),
  toolbarButtonText: text(50),
  toolbarButtonToolTip: text(50),
  ...each('toolbarButtonIconDocumentId toolbarButtonDialogHeight toolbarButtonDialogWidth', integer()),
  disabledFlag: flag(),
  locationIds: list(),
  locationsEnabledFlag: flag(),
  createdBy: text(),
  dateCreated: date(),
}

export const callbackFields: Fields = {
  description: text(100),
  url: text(undefined, required),
  objectId: integer(required),
  type: text(undefined, required),
  level: text(undefined, required),
  memberId: integer(),
  payloadVersion: text(),
  ...each('inactiveFlag isSoapCallbackFlag isSelfSuppressedFlag', flag()),
  connectWiseID: text(),
}

const channels = ['Office', 'Mobile', 'Home'] as const
const chosen = (values: readonly [string, ...string[]]) =>
  oneOf(values, { required: true, standard: values[0] })

/** What a member sees, enters and is paid; kept, and without a meaning here. */
const memberWork: Fields = {
  ...each('defaultLocation defaultDepartment securityLocation structureLevel securityRole', object()),
  ...each('serviceDefaultLocation serviceDefaultDepartment serviceDefaultBoard serviceLocation', object()),
  ...each('projectDefaultLocation projectDefaultDepartment projectDefaultBoard', object()),
  ...each('scheduleDefaultLocation scheduleDefaultDepartment salesDefaultLocation', object()),
  ...each('warehouse warehouseBin workRole workType calendar ldapConfiguration ssoSettings', object()),
  ...each('reportsTo timeApprover expenseApprover', reference('members', 'identifier')),
  ...each('restrictLocationFlag restrictDepartmentFlag restrictScheduleFlag adminFlag', flag()),
  ...each('restrictServiceDefaultLocationFlag restrictServiceDefaultDepartmentFlag', flag()),
  ...each('restrictProjectDefaultLocationFlag restrictProjectDefaultDepartmentFlag', flag()),
  ...each('restrictDefaultSalesTerritoryFlag restrictDefaultWarehouseFlag', flag()),
  ...each('restrictDefaultWarehouseBinFlag hideMemberInDispatchPortalFlag', flag()),
  ...each('billableForecast dailyCapacity hourlyCost hourlyRate minimumHours scheduleCapacity', number()),
  ...each('includeInUtilizationReportingFlag requireExpenseEntryFlag requireTimeSheetEntryFlag', flag()),
  ...each('requireStartAndEndTimeOnTimeEntryFlag allowInCellEntryOnTimeSheet', flag()),
  ...each('enterTimeAgainstCompanyFlag allowExpensesEnteredAgainstCompaniesFlag', flag()),
  ...each('timeReminderEmailFlag autoStartStopwatch autoPopupQuickNotesWithStopwatch', flag()),
  ...each('daysTolerance fromMemberRecId', integer()),
  timeSheetStartDate: date(),
  hireDate: date({ required: true, standard: '2020-01-01T00:00:00Z' }),
  ...each('excludedServiceBoardIds excludedProjectBoardIds serviceBoardTeamIds memberPersonas', list()),
  ...each('companyActivityTabFormat invoiceTimeTabFormat', chosen(['SummaryList', 'DetailList'])),
  invoiceScreenDefaultTabFormat: chosen(['ShowInvoicingTab', 'ShowAgreementInvoicingTab']),
  ...each(
    'invoicingDisplayOptions agreementInvoicingDisplayOptions',
    chosen(['RemainOnInvoicingScreen', 'ShowRecentInvoices']),
  ),
}

const memberSignIn: Fields = {
  password: text(60, { hidden: true }),
  ...each('token clientId stsUserAdminUrl mapiName lastLogin signature phoneSource', text()),
  ldapUserName: text(50),
  authenticationServiceType: oneOf(['AuthAnvil', 'GoogleAuthenticator', 'Email']),
  ...each('timebasedOneTimePasswordActivated enableLdapAuthenticationFlag disableOnlineFlag', flag()),
  ...each('enableMobileFlag enableMobileGpsFlag partnerPortalFlag toastNotificationFlag', flag()),
  ...each('calendarSyncIntegrationFlag useBrowserLanguageFlag copyPodLayouts', flag()),
  ...each('copySharedDefaultViews copyColumnLayoutsAndFilters', flag()),
  globalSearchDefaultTicketFilter: oneOf(['OpenRecords', 'ClosedRecords', 'AllRecords']),
  globalSearchDefaultSort: oneOf(['None', 'LastUpdatedDesc', 'LastUpdatedAsc', 'CreatedDesc', 'CreatedAsc']),
  phoneIntegrationType: oneOf(['TAPI', 'SKYPE', 'NONE']),
  memberHash: text(undefined, { hidden: true }),
  answersAs: text(undefined, { hidden: true }),
}

export const memberFields: Fields = {
  identifier: text(15, { required: true, unique: 'Member ID already in use.' }),
  ...each('firstName lastName', text(30)),
  middleInitial: text(1),
  title: text(50),
  ...each('fullName vendorNumber notes', text()),
  employeeIdentifer: text(10), // spelled as ConnectWise spells it
  licenseClass: oneOf(['A', 'C', 'F', 'X'], { required: true, standard: 'F' }),
  inactiveFlag: flag(),
  inactiveDate: date(),
  ...each('defaultEmail defaultPhone', chosen(channels)),
  ...each('officeEmail mobileEmail homeEmail primaryEmail', text(250)),
  ...each('officePhone mobilePhone homePhone', text(15)),
  ...each('officeExtension mobileExtension homeExtension', text(10)),
  ...each('type timeZone country photo reportCard office365', object()),
  ...memberWork,
  ...memberSignIn,
  customFields: list(),
}

/** `/system/myMembers/info`: here `defaultEmail` is an address. */
export const myMemberInfoFields: Fields = {
  ...each('identifier firstName middleInitial lastName fullName defaultEmail', text()),
  licenseClass: oneOf(['A', 'C', 'F', 'X'], { standard: 'F' }),
  inactiveFlag: flag(),
  ...each('photo timeZone workRole workType warehouse warehouseBin serviceLocation', object()),
  ...each('defaultLocation defaultDepartment salesDefaultLocation', object()),
  ...each('serviceDefaultBoard serviceDefaultLocation serviceDefaultDepartment', object()),
  ...each('projectDefaultBoard projectDefaultLocation projectDefaultDepartment', object()),
  ...each('scheduleDefaultLocation scheduleDefaultDepartment', object()),
  ...each('dailyCapacity scheduleCapacity', number()),
  ...each('useBrowserLanguageFlag requireExpenseEntryFlag requireTimeSheetEntryFlag', flag()),
  ...each('requireStartAndEndTimeOnTimeEntryFlag enterTimeAgainstCompanyFlag', flag()),
  ...each('allowExpensesEnteredAgainstCompaniesFlag restrictServiceDefaultLocationFlag', flag()),
  ...each('restrictServiceDefaultDepartmentFlag restrictProjectDefaultLocationFlag', flag()),
  ...each('restrictProjectDefaultDepartmentFlag restrictDefaultWarehouseFlag', flag()),
  ...each('restrictDefaultWarehouseBinFlag ssoSessionFlag', flag()),
  ...each('excludedServiceBoardIds excludedProjectBoardIds', list()),
  ssoClientId: text(),
}

/** `/system/audittrail`; it has no ids. */
export const auditTrailFields: Fields = each(
  'text enteredDate enteredBy auditType auditSubType auditSource',
  text(),
)

/** `/system/mySecurity`. */
export const mySecurityFields: Fields = {
  ...each('addLevel editLevel deleteLevel inquireLevel', oneOf(['None', 'My', 'All'])),
  ...each('moduleFunctionName moduleFunctionDescription moduleFunctionIdentifier', text()),
  ...each('moduleName moduleDescription moduleIdentifier', text()),
  ...each('myAllFlag reportFlag restrictFlag customFlag', flag()),
  sortOrder: integer(),
  member: object(),
}
