CREATE TABLE "caller_tries" (
	"kind" text NOT NULL,
	"caller" text NOT NULL,
	"forgotten_at" timestamp with time zone NOT NULL,
	CONSTRAINT "caller_tries_kind_caller_pk" PRIMARY KEY("kind","caller")
);
--> statement-breakpoint
CREATE TABLE "ended_sessions" (
	"organisation_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	CONSTRAINT "ended_sessions_organisation_id_session_id_pk" PRIMARY KEY("organisation_id","session_id")
);
--> statement-breakpoint
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
DROP INDEX "changes_organisation_run";--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "expires_at" timestamp with time zone DEFAULT now() + interval '365 days' NOT NULL;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "failing_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "unread_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "unread_reason" text;--> statement-breakpoint
ALTER TABLE "run_items" ADD COLUMN "first_period" text;--> statement-breakpoint
ALTER TABLE "run_items" ADD COLUMN "last_period" text;--> statement-breakpoint
ALTER TABLE "invoice_bad_lines" ADD CONSTRAINT "invoice_bad_lines_invoice" FOREIGN KEY ("organisation_id","program","invoice_id") REFERENCES "public"."invoices"("organisation_id","program","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "caller_tries_forgotten" ON "caller_tries" USING btree ("forgotten_at");--> statement-breakpoint
CREATE INDEX "ended_sessions_organisation_ends" ON "ended_sessions" USING btree ("organisation_id","ends_at");--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_one_ready" ON "invoices" USING btree ("organisation_id","program","period") WHERE state = 'ready';--> statement-breakpoint
CREATE INDEX "run_items_organisation_unfinished" ON "run_items" USING btree ("organisation_id","run_id","agreement_id") WHERE state <> 'finished';--> statement-breakpoint
CREATE INDEX "sign_in_tries_last_failed" ON "sign_in_tries" USING btree ("last_failed_at");--> statement-breakpoint
CREATE INDEX "changes_organisation_run" ON "changes" USING btree ("organisation_id","run_id","agreement_id","period","id");