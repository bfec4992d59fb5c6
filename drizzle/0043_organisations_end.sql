CREATE TABLE "packed_plans" (
	"organisation_id" uuid NOT NULL,
	"agreement_id" integer NOT NULL,
	"period" text NOT NULL,
	"packed" "bytea" NOT NULL,
	"plans" integer NOT NULL,
	"packed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "packed_plans_organisation_id_agreement_id_period_pk" PRIMARY KEY("organisation_id","agreement_id","period"),
	CONSTRAINT "packed_plans_period_month" CHECK ("packed_plans"."period" ~ '^\d{4}-(0[1-9]|1[0-2])$'),
	CONSTRAINT "packed_plans_plans_count" CHECK ("packed_plans"."plans" >= 0)
);
--> statement-breakpoint
CREATE TABLE "removals" (
	"organisation_id" uuid NOT NULL,
	"rule" text NOT NULL,
	"began_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"place" text,
	"removed" bigint DEFAULT 0 NOT NULL,
	"total" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "removals_organisation_id_rule_pk" PRIMARY KEY("organisation_id","rule")
);
--> statement-breakpoint
ALTER TABLE "organisations" ADD COLUMN "deleting_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "organisations" ADD COLUMN "removals_due_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "organisations" ADD COLUMN "packs_after_months" integer DEFAULT 24 NOT NULL;--> statement-breakpoint
ALTER TABLE "run_periods" ADD COLUMN "packed_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "run_periods_organisation_unpacked" ON "run_periods" USING btree ("organisation_id","period","agreement_id") WHERE packed_at IS NULL;