import { and, eq } from 'drizzle-orm'
import { type ProductPlan, productPlanSchema } from '#lib/catalog/types.ts'
import type { Database } from '../client.ts'
import { productPreviews } from './tables.ts'

export interface ProductPreview {
  readonly id: string
  readonly readAt: Date
  readonly plan: ProductPlan
}

const fields = { id: productPreviews.id, readAt: productPreviews.readAt, plan: productPreviews.plan }

/** The preview with this id; `null` where another was made since, or another version of the product stored it differently. */
export const productPreview = async (
  db: Database,
  organisationId: string,
  program: string,
  id: string,
): Promise<ProductPreview | null> => {
  const [row] = await db
    .select(fields)
    .from(productPreviews)
    .where(
      and(
        eq(productPreviews.organisationId, organisationId),
        eq(productPreviews.program, program),
        eq(productPreviews.id, id),
      ),
    )
  const plan = productPlanSchema.safeParse(row?.plan)
  return row === undefined || !plan.success ? null : { ...row, plan: plan.data }
}

export const putProductPreview = async (
  db: Database,
  organisationId: string,
  program: string,
  plan: ProductPlan,
): Promise<ProductPreview> => {
  const values: ProductPreview = { id: crypto.randomUUID(), readAt: new Date(), plan }
  await db
    .insert(productPreviews)
    .values({ ...values, organisationId, program })
    .onConflictDoUpdate({ target: [productPreviews.organisationId, productPreviews.program], set: values })
  return values
}
