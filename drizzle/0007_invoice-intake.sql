CREATE TABLE "invoice_bad_lines" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"invoice_id" text NOT NULL,
	"row" integer NOT NULL,
	"tenant_id" text,
	"subscription_id" text NOT NULL,
	"customer_name" text NOT NULL,
	"primary_domain_name" text NOT NULL,
	"offer_name" text NOT NULL,
	"column_name" text,
	"reason" text NOT NULL,
	"cost" numeric,
	"price" numeric,
	CONSTRAINT "invoice_bad_lines_organisation_id_program_invoice_id_row_pk" PRIMARY KEY("organisation_id","program","invoice_id","row")
);
--> statement-breakpoint
CREATE TABLE "prism_set_aside" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"list" text NOT NULL,
	"at" integer NOT NULL,
	"record" text NOT NULL,
	"reason" text NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "prism_set_aside_organisation_id_program_list_at_pk" PRIMARY KEY("organisation_id","program","list","at")
);
--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "unread_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "unread_reason" text;--> statement-breakpoint
ALTER TABLE "invoice_bad_lines" ADD CONSTRAINT "invoice_bad_lines_invoice" FOREIGN KEY ("organisation_id","program","invoice_id") REFERENCES "public"."invoices"("organisation_id","program","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_one_ready" ON "invoices" USING btree ("organisation_id","program","period") WHERE state = 'ready';