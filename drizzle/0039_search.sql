-- Searching (J15). Both extensions come with PostgreSQL and need no superuser.
CREATE EXTENSION IF NOT EXISTS pg_trgm;--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS btree_gin;--> statement-breakpoint
-- A look writes most rows anew with no other name: with room on its page, a row's new version needs no new entry in any index.
ALTER TABLE "prism_tenants" SET (fillfactor = 50);--> statement-breakpoint
ALTER TABLE "prism_subscriptions" SET (fillfactor = 50);--> statement-breakpoint
ALTER TABLE "products" SET (fillfactor = 50);--> statement-breakpoint
CREATE INDEX "mappings_searched" ON "mappings" USING gin ("organisation_id","program",(lower(' ' || "agreement_name" || ' ' || "company_name")) gin_trgm_ops) WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "prism_subscriptions_searched" ON "prism_subscriptions" USING gin ("organisation_id","program",(lower(' ' || "product_name" || ' ' || "id")) gin_trgm_ops) WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "prism_tenants_searched" ON "prism_tenants" USING gin ("organisation_id","program",(lower(' ' || "name" || ' ' || "domain" || ' ' || "id")) gin_trgm_ops) WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "products_searched" ON "products" USING gin ("organisation_id","program",(lower(' ' || "name" || ' ' || "sku" || ' ' || "product_id")) gin_trgm_ops) WITH (fastupdate=false);
