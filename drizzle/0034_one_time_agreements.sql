CREATE TABLE "line_answers" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"agreement_id" integer NOT NULL,
	"invoice_id" text NOT NULL,
	"charge" text NOT NULL,
	"ordinal" integer NOT NULL,
	"turn" integer NOT NULL,
	"subscription_id" text NOT NULL,
	"says" text NOT NULL,
	"answered_by" text NOT NULL,
	"answered_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "line_answers_pk" PRIMARY KEY("organisation_id","program","agreement_id","invoice_id","charge","ordinal","turn"),
	CONSTRAINT "line_answers_charge" CHECK (charge <> ''),
	CONSTRAINT "line_answers_ordinal_ordinal" CHECK ("line_answers"."ordinal" >= 1),
	CONSTRAINT "line_answers_turn_ordinal" CHECK ("line_answers"."turn" >= 1),
	CONSTRAINT "line_answers_subscription_id_lower" CHECK ("line_answers"."subscription_id" = lower("line_answers"."subscription_id" COLLATE "C")),
	CONSTRAINT "line_answers_says_known" CHECK ("line_answers"."says" IN ('carry', 'leave'))
);
--> statement-breakpoint
CREATE TABLE "one_time_mappings" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"tenant_id" text NOT NULL,
	"company_id" integer NOT NULL,
	"company_name" text DEFAULT '' NOT NULL,
	"agreement_id" integer NOT NULL,
	"agreement_name" text DEFAULT '' NOT NULL,
	"sync_enabled" boolean NOT NULL,
	"attempted_at" timestamp with time zone,
	"look_again_at" timestamp with time zone,
	"looking_since" timestamp with time zone,
	"mapped_by" text NOT NULL,
	"mapped_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "one_time_mappings_pk" PRIMARY KEY("organisation_id","program","tenant_id")
);
--> statement-breakpoint
ALTER TABLE "invoices" DROP CONSTRAINT "invoices_state_known";--> statement-breakpoint
ALTER TABLE "invoice_loads" DROP CONSTRAINT "invoice_loads_takes_state_known";--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "kind" text DEFAULT 'monthly' NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "taken_by" text;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "taken_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "programs" ADD COLUMN "annual_terms_at_once" date;--> statement-breakpoint
CREATE INDEX "one_time_mappings_organisation_agreement" ON "one_time_mappings" USING btree ("organisation_id","program","agreement_id");--> statement-breakpoint
CREATE INDEX "one_time_mappings_organisation_company" ON "one_time_mappings" USING btree ("organisation_id","program","company_id");--> statement-breakpoint
CREATE INDEX "one_time_mappings_organisation_look_again" ON "one_time_mappings" USING btree ("organisation_id","look_again_at") WHERE look_again_at IS NOT NULL;--> statement-breakpoint
-- contract: no version before has the state annual
CREATE UNIQUE INDEX "invoices_one_annual" ON "invoices" USING btree ("organisation_id","program","prism_invoice_id") WHERE state = 'annual';--> statement-breakpoint
-- contract: it is about columns that are new, and their defaults hold it
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_annual" CHECK (kind = 'annual' OR (state <> 'annual' AND taken_at IS NULL));--> statement-breakpoint
-- contract: it is about columns that are new, and their defaults hold it
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_monthly" CHECK (kind = 'monthly' OR state <> 'ready');--> statement-breakpoint
-- contract: it is about columns that are new, and their defaults hold it
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_taken" CHECK ((taken_by IS NULL) = (taken_at IS NULL));--> statement-breakpoint
-- contract: it is about columns that are new, and their defaults hold it
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_kind_known" CHECK ("invoices"."kind" IN ('monthly', 'annual'));--> statement-breakpoint
-- contract: a value more
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_state_known" CHECK ("invoices"."state" IN ('loading', 'loaded', 'ready', 'annual', 'held', 'refused', 'unread', 'ignored', 'excluded', 'superseded'));--> statement-breakpoint
-- contract: a value more
ALTER TABLE "invoice_loads" ADD CONSTRAINT "invoice_loads_takes_state_known" CHECK ("invoice_loads"."takes_state" IN ('loading', 'loaded', 'ready', 'annual', 'held', 'refused', 'unread', 'ignored', 'excluded', 'superseded'));