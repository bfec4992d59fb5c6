CREATE TABLE "period_states" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"subscription_id" text NOT NULL,
	"period" text NOT NULL,
	"tenant_id" text NOT NULL,
	"agreement_id" integer NOT NULL,
	"invoice_id" text NOT NULL,
	"lines_hash" text,
	"state" text NOT NULL,
	"by" text,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "period_states_organisation_id_program_subscription_id_period_pk" PRIMARY KEY("organisation_id","program","subscription_id","period")
);
--> statement-breakpoint
ALTER TABLE "prism_subscriptions" ADD COLUMN "listed_quantity" numeric;--> statement-breakpoint
CREATE INDEX "period_states_organisation_tenant" ON "period_states" USING btree ("organisation_id","program","tenant_id");--> statement-breakpoint
CREATE INDEX "invoice_lines_organisation_subscription" ON "invoice_lines" USING btree ("organisation_id","program","subscription_id","last_day");--> statement-breakpoint
ALTER TABLE "mappings" DROP COLUMN "decisions";--> statement-breakpoint
INSERT INTO "period_states" ("organisation_id", "program", "subscription_id", "period", "tenant_id", "agreement_id", "invoice_id", "lines_hash", "state", "by")
SELECT p."organisation_id", p."program", p."subscription_id", i."period", p."tenant_id", m."agreement_id", i."id", NULL,
  CASE WHEN p."skipped_by" IS NOT NULL AND i."period" = p."period" THEN 'skipped' ELSE 'good' END,
  CASE WHEN i."period" = p."period" THEN p."skipped_by" END
FROM "sync_positions" p
JOIN "mappings" m ON m."organisation_id" = p."organisation_id" AND m."program" = p."program" AND m."tenant_id" = p."tenant_id"
JOIN "invoices" i ON i."organisation_id" = p."organisation_id" AND i."program" = p."program" AND i."state" = 'ready'
  AND i."period" <= p."period" AND (m."first_period" IS NULL OR i."period" >= m."first_period");
