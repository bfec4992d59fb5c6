CREATE TABLE "counted_additions" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"agreement_id" integer NOT NULL,
	"addition_ids" integer[] NOT NULL,
	CONSTRAINT "counted_additions_pk" PRIMARY KEY("organisation_id","program","agreement_id")
);
--> statement-breakpoint
CREATE TABLE "instance_rules" (
	"organisation_id" uuid NOT NULL,
	"rule" text NOT NULL,
	"verdict" text NOT NULL,
	"evidence" jsonb NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "instance_rules_organisation_id_rule_pk" PRIMARY KEY("organisation_id","rule"),
	CONSTRAINT "instance_rules_verdict_known" CHECK ("instance_rules"."verdict" IN ('holds', 'fails', 'unknown'))
);
--> statement-breakpoint
CREATE TABLE "invoicing_reads" (
	"organisation_id" uuid NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	"may_read" boolean NOT NULL,
	"failure" text,
	CONSTRAINT "invoicing_reads_organisation_id_pk" PRIMARY KEY("organisation_id")
);
--> statement-breakpoint
CREATE TABLE "own_forecasts" (
	"organisation_id" uuid NOT NULL,
	"agreement_id" integer NOT NULL,
	"next_invoice_date" date,
	"next_invoice_amount" numeric,
	"unbilled_periods" integer,
	"last_invoice_number" text NOT NULL,
	"last_invoice_amount" numeric,
	"additions" numeric,
	"own" numeric,
	"children" numeric,
	"read_at" timestamp with time zone NOT NULL,
	CONSTRAINT "own_forecasts_organisation_id_agreement_id_pk" PRIMARY KEY("organisation_id","agreement_id")
);
--> statement-breakpoint
CREATE TABLE "own_invoices" (
	"organisation_id" uuid NOT NULL,
	"agreement_id" integer NOT NULL,
	"period" text NOT NULL,
	"id" integer NOT NULL,
	"number" text NOT NULL,
	"date" date,
	"made_at" timestamp with time zone,
	"agreement_amount" numeric NOT NULL,
	"product_total" numeric NOT NULL,
	"subtotal" numeric NOT NULL,
	"first_product_total" numeric NOT NULL,
	"first_subtotal" numeric NOT NULL,
	"items" jsonb,
	"first_read_at" timestamp with time zone NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	"gone_at" timestamp with time zone,
	CONSTRAINT "own_invoices_pk" PRIMARY KEY("organisation_id","agreement_id","period","id"),
	CONSTRAINT "own_invoices_period_month" CHECK ("own_invoices"."period" ~ '^\d{4}-(0[1-9]|1[0-2])$')
);
--> statement-breakpoint
CREATE TABLE "second_proofs" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"period" text NOT NULL,
	"agreement_id" integer NOT NULL,
	"state" text NOT NULL,
	"since" text NOT NULL,
	"invoiced" numeric,
	"billed_so_far" numeric NOT NULL,
	"invoiced_so_far" numeric NOT NULL,
	"terms" jsonb NOT NULL,
	"doubts" text[] NOT NULL,
	"expected_next" numeric,
	"forecast" numeric,
	"no_forecast" text,
	"proved_at" timestamp with time zone NOT NULL,
	CONSTRAINT "second_proofs_pk" PRIMARY KEY("organisation_id","program","period","agreement_id"),
	CONSTRAINT "second_proofs_period_month" CHECK ("second_proofs"."period" ~ '^\d{4}-(0[1-9]|1[0-2])$'),
	CONSTRAINT "second_proofs_state_known" CHECK ("second_proofs"."state" IN ('compared', 'blind', 'missing', 'not-invoiced')),
	CONSTRAINT "second_proofs_since_month" CHECK ("second_proofs"."since" ~ '^\d{4}-(0[1-9]|1[0-2])$')
);
--> statement-breakpoint
ALTER TABLE "closed_bills" ADD COLUMN "second_invoiced" numeric;--> statement-breakpoint
ALTER TABLE "closed_bills" ADD COLUMN "second_terms" jsonb;--> statement-breakpoint
CREATE INDEX "own_invoices_newest" ON "own_invoices" USING btree ("organisation_id","id");--> statement-breakpoint
CREATE INDEX "second_proofs_agreement" ON "second_proofs" USING btree ("organisation_id","program","agreement_id","period");