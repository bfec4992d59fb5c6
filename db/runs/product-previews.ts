import { and, eq } from 'drizzle-orm'
import type { ProductPlan } from '#lib/catalog/types.ts'
import type { Database } from '../client.ts'
import { productPreviews } from './tables.ts'

export interface ProductPreview {
  readonly id: string
  readonly readAt: Date
  readonly plan: ProductPlan
}

const fields = { id: productPreviews.id, readAt: productPreviews.readAt, plan: productPreviews.plan }

/** The preview with this id; `null` where another was made since. */
export const productPreview = async (
  db: Database,
  organisationId: string,
  program: string,
  id: string,
): Promise<ProductPreview | null> =>
  (
    await db
      .select(fields)
      .from(productPreviews)
      .where(
        and(
          eq(productPreviews.organisationId, organisationId),
          eq(productPreviews.program, program),
          eq(productPreviews.id, id),
        ),
      )
  )[0] ?? null

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
