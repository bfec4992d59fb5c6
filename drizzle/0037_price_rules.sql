CREATE TABLE "price_rules" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"id" uuid NOT NULL,
	"tenant_id" text NOT NULL,
	"sku" text NOT NULL,
	"from" text NOT NULL,
	"terms" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "price_rules_pk" PRIMARY KEY("organisation_id","program","id"),
	CONSTRAINT "price_rules_sku_trimmed" CHECK (sku = btrim(sku)),
	CONSTRAINT "price_rules_sku_lower" CHECK ("price_rules"."sku" = lower("price_rules"."sku" COLLATE "C")),
	CONSTRAINT "price_rules_from_month" CHECK ("price_rules"."from" ~ '^\d{4}-(0[1-9]|1[0-2])$' OR "price_rules"."from" IN (''))
);
--> statement-breakpoint
CREATE TABLE "rules_taken" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"agreement_id" integer NOT NULL,
	"subscription_id" text NOT NULL,
	"rule_id" uuid NOT NULL,
	CONSTRAINT "rules_taken_pk" PRIMARY KEY("organisation_id","program","agreement_id","subscription_id","rule_id"),
	CONSTRAINT "rules_taken_subscription_id_lower" CHECK ("rules_taken"."subscription_id" = lower("rules_taken"."subscription_id" COLLATE "C"))
);
--> statement-breakpoint
ALTER TABLE "lasting_points" DROP CONSTRAINT "lasting_points_cause_known";--> statement-breakpoint
ALTER TABLE "mutes" DROP CONSTRAINT "mutes_cause_known";--> statement-breakpoint
ALTER TABLE "programs" ADD COLUMN "margin_percent" numeric;--> statement-breakpoint
CREATE UNIQUE INDEX "price_rules_of" ON "price_rules" USING btree ("organisation_id","program","tenant_id","sku","from");--> statement-breakpoint
CREATE INDEX "rules_taken_rule" ON "rules_taken" USING btree ("organisation_id","program","rule_id");--> statement-breakpoint
-- contract: it takes more causes than before, so that what the version before writes holds.
ALTER TABLE "lasting_points" ADD CONSTRAINT "lasting_points_cause_known" CHECK ("lasting_points"."cause" IN ('below-cost', 'below-margin', 'difference/price', 'difference/not-billed', 'difference/drift', 'difference/unexplained', 'ignored/annual', 'ignored/azure'));--> statement-breakpoint
-- contract: it takes more causes than before, so that what the version before writes holds.
ALTER TABLE "mutes" ADD CONSTRAINT "mutes_cause_known" CHECK ("mutes"."cause" IN ('below-cost', 'below-margin', 'difference/price', 'difference/not-billed', 'difference/drift', 'difference/unexplained', 'ignored/annual', 'ignored/azure'));--> statement-breakpoint
-- contract: of a column that is new, which the version before leaves empty.
ALTER TABLE "programs" ADD CONSTRAINT "programs_margin" CHECK (margin_percent >= 0 AND margin_percent < 100);