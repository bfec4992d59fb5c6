/** The invented data set of both stand-ins; README.md says which customer shows what. */
export { connectWiseSeed, demoMappings } from './connectwise-seed.ts'
export { customers } from './customers.ts'
export { subscriptionId, tenantId } from './ids.ts'
export { motionCustomers } from './motion-customers.ts'
export { prismClient, prismPod, prismSeed, programName } from './prism-seed.ts'
export { products } from './products.ts'
