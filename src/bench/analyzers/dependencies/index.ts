export { type BillOfMaterialsSubject, cycloneDx, packageUrl } from './cyclone-dx.ts'
export { dependencies } from './dependencies.ts'
export { type InventoryItem, inventoryOf } from './inventory.ts'
