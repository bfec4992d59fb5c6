/** What a security role can allow or deny. */

export const levels = ['Inquire', 'Add', 'Edit', 'Delete'] as const
export type Level = (typeof levels)[number]

/** As ConnectWise's security roles screen names them; Table Setup is limited item by item. */
export const areas = [
  'Companies/Company Maintenance',
  'Companies/Contacts',
  'Finance/Agreements',
  'Finance/Invoicing',
  'General/Manage Hosted API',
  'Procurement/Product Catalog',
  'Procurement/Products',
  'System/Table Setup/Agreement Type',
  'System/Table Setup/Billing Cycle',
  'System/Table Setup/Category',
  'System/Table Setup/Company Status',
  'System/Table Setup/Company Type',
  'System/Table Setup/Currency',
  'System/Table Setup/Product Type',
  'System/Table Setup/Subcategories',
  'System/Table Setup/Tax Code',
  'System/Table Setup/UOM',
  'System/Member Maintenance',
  'System/Audit Trail',
  'System/Callbacks',
] as const
export type Area = (typeof areas)[number]
