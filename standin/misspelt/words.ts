/** What the names of invented businesses are made of. Product code never sees these lists. */

type Words = readonly [string, ...string[]]

const words = (text: string): Words => text.trim().split(/\s+/) as unknown as Words
const lines = (text: string): Words => text.trim().split(/\s*\n\s*/) as unknown as Words

/** What a business is called after, of which several may share one. */
export const brands = words(`
  Bluegum Wattle Ironbark Banksia Jarrah Kauri Kowhai Rimu Tui Kea Pukeko Magpie Kookaburra Brolga Pelican Heron Osprey Falcon Harrier
  Southern Northern Eastern Western Pacific Tasman Coral Harbour Summit Ridge Valley River Lakeside Seaside Hilltop Meadow Prairie Canyon
  Granite Basalt Sandstone Marble Quartz Opal Amber Sapphire Emerald Silver Golden Copper Bronze Cobalt Titan Atlas Apollo Orion Phoenix
  Zenith Apex Vertex Pinnacle Keystone Cornerstone Milestone Landmark Beacon Lighthouse Anchor Compass Horizon Meridian Equinox Solstice
  Aurora Eclipse Nimbus Cirrus Stratus Monsoon Zephyr Tempest Ember Hearth Kindle Lantern Prism Spectrum Mosaic Tapestry Loom Anvil Forge
  Crucible Foundry Mill Quarry Orchard Vineyard Grove Thicket Willow Maple Cedar Cypress Juniper Rowan Hawthorn Bramble Clover Thistle
  Heather Saffron Ginger Cinnamon Jasmine Lotus Orchid Frangipani Hibiscus Merlion Garuda Cendana Melati Mutiara Bintang Suria Cahaya
  Sentosa Makmur Jaya Rattana Siam Chao Lanna Mekong Sampan Hanok Namsan Hangang Ceylon Serendib Deccan Konkan Malabar Thames Severn
  Pennine Cotswold Mersey Tyne Albion Caledonia Clearview Brightside Firstline Truenorth Bestway Easterly Fairview Greenfield Highgate`)

export const surnames = words(`
  Smith Jones Williams Brown Wilson Taylor Nguyen Tran Lee Kim Park Chen Wong Tan Lim Ng Singh Patel Kumar Sharma Perera Fernando Silva
  Santos Reyes Cruz Garcia Rossi Russo Romano Papadopoulos Kowalski Novak O'Brien O'Connor Murphy Kelly Campbell McDonald McKenzie
  Stewart Robertson Fraser Hughes Evans Davies Phillips Baker Cooper Turner Walker Fletcher Mason Carter Hamilton Harrison Jackson Whitfield
  Ashworth Pemberton Thornbury Wakefield Blackwood Hargreaves Ravensdale Müller Schäfer Dubois Lefèvre Hernández Petrović Johansson Andersen
  Tanaka Suzuki Watanabe Rahman Ismail Abdullah Wijaya Santoso Suwannarat Phan Bui`)

export const trades = lines(`
  Plumbing
  Plumbing & Gas
  Electrical
  Dental
  Dental Care
  Physiotherapy
  Veterinary Clinic
  Medical Centre
  Family Medical Practice
  Pharmacy
  Optometry
  Accountants
  Accounting & Tax
  Lawyers
  Legal
  Conveyancing
  Real Estate
  Property Management
  Architects
  Design Studio
  Engineering
  Consulting Engineers
  Surveyors
  Construction
  Building Services
  Joinery
  Roofing
  Landscapes
  Earthmoving
  Transport
  Logistics
  Freight Services
  Removals
  Motors
  Automotive
  Smash Repairs
  Tyres
  Insurance Brokers
  Financial Planning
  Wealth Management
  Finance
  Recruitment
  Training
  Early Learning
  Christian College
  Primary School
  Community Services
  Aged Care
  Disability Services
  Foods
  Seafoods
  Catering
  Bakery
  Coffee Roasters
  Wines
  Brewing Company
  Printing
  Signs
  Media
  Marketing
  Events
  Travel
  Security
  Cleaning Services
  Manufacturing
  Packaging
  Plastics
  Steel
  Mining Services
  Solar
  Refrigeration & Air Conditioning
  Furniture
  Flooring
  Kitchens`)

export const places = words(`
  Sydney Melbourne Brisbane Perth Adelaide Hobart Darwin Canberra Geelong Ballarat Bendigo Newcastle Wollongong Cairns Townsville
  Toowoomba Mackay Bunbury Albany Launceston Bondi Manly Parramatta Penrith Fremantle Glenelg Footscray Carlton Auckland Wellington
  Christchurch Dunedin Hamilton Tauranga Nelson Queenstown Singapore Jurong Penang Ipoh Johor Kuching Manila Cebu Davao Bangkok Phuket
  Jakarta Surabaya Bandung Hanoi Saigon Colombo Kandy Kowloon Seoul Busan Mumbai Pune Chennai London Leeds Bristol Manchester`)

/** Of which there is a shop in every suburb. */
export const chains = lines(`
  Everyday Gym
  Snap & Go Print
  Bright Smiles Dental
  Curb Appeal Realty
  Little Sprouts Childcare
  Jolly Bean Coffee
  Fixit Phones
  Two Wheels Bicycles
  Harper Hearing
  Lucky Wok
  First Class Tutors
  QuickLube
  Paws & Claws Vet
  Muscle Method
  Rapid Roofing
  Homeloan Heroes`)

/** That follow a name and make it another company of the same people. */
export const structures = words('Group Holdings Investments Properties Enterprises Services International')

/** Full, short and other ways to write the legal form of a country, and the ends of its domains. */
export const countries = [
  {
    forms: words('Pty_Ltd Pty._Ltd. Pty_Limited P/L PTY_LTD Pty Ltd'),
    ends: words('com.au com.au net.au au'),
  },
  { forms: words('Limited Ltd Ltd. LTD'), ends: words('co.nz nz') },
  { forms: words('Pte_Ltd Pte._Ltd. Private_Limited PTE_LTD'), ends: words('com.sg sg com') },
  { forms: words('Sdn_Bhd Sdn._Bhd. SDN_BHD Berhad'), ends: words('com.my my') },
  { forms: words('Inc. Inc Incorporated Corp. Corporation'), ends: words('com.ph ph com') },
  { forms: words('Co.,_Ltd. Co_Ltd Company_Limited PCL'), ends: words('co.th com') },
  { forms: words('Ltd Limited LTD PLC LLP'), ends: words('co.uk uk com') },
  { forms: words('Pvt_Ltd Private_Limited Pvt._Ltd. (P)_Ltd LLP'), ends: words('in co.in com') },
  { forms: words('(Pvt)_Ltd Pvt_Ltd PLC (Private)_Limited'), ends: words('lk com') },
  { forms: words('Limited Ltd Ltd. Co._Ltd'), ends: words('com.hk hk') },
  { forms: words('Co.,_Ltd. Co_Ltd JSC'), ends: words('vn com.vn') },
  { forms: words('Co.,_Ltd. Co_Ltd Inc.'), ends: words('co.kr kr') },
] as const

/** As people shorten a word. */
export const shortened: Readonly<Record<string, Words>> = {
  Services: words('Svcs Serv Svc'),
  Engineering: words('Eng Engr'),
  Engineers: words('Eng Engrs'),
  Management: words('Mgmt Mgt'),
  Accountants: words('Accts Acctnts'),
  Accounting: words('Acctg Acc'),
  Manufacturing: words('Mfg Manuf'),
  International: words('Intl Int'),
  Construction: words('Const Constr'),
  Electrical: words('Elec Elect'),
  Community: words('Comm Cmty'),
  Centre: words('Ctr Center'),
  Company: words('Co'),
  Consulting: words('Consult'),
  Transport: words('Trans Tpt'),
  Property: words('Prop'),
  Financial: words('Fin'),
  Insurance: words('Ins'),
  Refrigeration: words('Refrig'),
  Conditioning: words('Con Cond'),
  Veterinary: words('Vet'),
  Physiotherapy: words('Physio'),
  Medical: words('Med'),
  Southern: words('Sthn Sth'),
  Northern: words('Nthn Nth'),
  Group: words('Grp'),
  Holdings: words('Hldgs'),
  Investments: words('Inv'),
  Enterprises: words('Ent'),
  Properties: words('Props'),
  Logistics: words('Log'),
  Security: words('Sec'),
  School: words('Sch'),
  Brothers: words('Bros'),
}

/** Mail of everybody, which says nothing of a business. */
export const mailboxes = words(
  'gmail.com outlook.com hotmail.com bigpond.com yahoo.com icloud.com xtra.co.nz live.com',
)

export const products = lines(`
  business-basic
  business-standard
  business-premium
  exchange-plan-1
  exchange-plan-2
  apps-for-business
  e3
  e5
  f3
  defender-p1
  visio-plan-2
  project-plan-3
  power-bi-pro
  teams-phone
  audio-conferencing
  copilot
  entra-p1
  intune`)
