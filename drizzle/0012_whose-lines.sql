CREATE TABLE "line_claims" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"invoice_id" text NOT NULL,
	"subscription_id" text NOT NULL,
	"kind" text NOT NULL,
	"tenant_ids" text[] NOT NULL,
	"domains" text[] NOT NULL,
	CONSTRAINT "line_claims_pk" PRIMARY KEY("organisation_id","program","invoice_id","subscription_id")
);
--> statement-breakpoint
CREATE TABLE "line_owners" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"subscription_id" text NOT NULL,
	"tenant_id" text,
	"decided_by" text NOT NULL,
	"decided_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "line_owners_pk" PRIMARY KEY("organisation_id","program","subscription_id")
);
--> statement-breakpoint
CREATE TABLE "unfit_spans" (
	"organisation_id" uuid NOT NULL,
	"agreement_id" integer NOT NULL,
	"unfit_since" timestamp with time zone DEFAULT now() NOT NULL,
	"from_day" date,
	"fit_again_at" timestamp with time zone,
	"until_day" date,
	CONSTRAINT "unfit_spans_pk" PRIMARY KEY("organisation_id","agreement_id","unfit_since")
);
--> statement-breakpoint
ALTER TABLE "mappings" ADD COLUMN "attempted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "line_claims" ADD CONSTRAINT "line_claims_invoice" FOREIGN KEY ("organisation_id","program","invoice_id") REFERENCES "public"."invoices"("organisation_id","program","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
UPDATE "mappings" SET "attempted_at" = now() WHERE "attempted_invoice_id" IS NOT NULL;
