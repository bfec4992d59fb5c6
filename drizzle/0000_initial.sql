CREATE TABLE "api_tokens" (
	"organisation_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"role" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_tokens_organisation_id_id_pk" PRIMARY KEY("organisation_id","id"),
	CONSTRAINT "api_tokens_organisation_hash" UNIQUE("organisation_id","token_hash")
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"organisation_id" uuid NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "audit_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "audit_events_organisation_id_id_pk" PRIMARY KEY("organisation_id","id")
);
--> statement-breakpoint
CREATE TABLE "changes" (
	"organisation_id" uuid NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"program" text NOT NULL,
	"agreement_id" integer NOT NULL,
	"run_id" uuid NOT NULL,
	"period" text NOT NULL,
	"invoice_id" text NOT NULL,
	"subscription_id" text NOT NULL,
	"lease_token" uuid NOT NULL,
	"kind" text NOT NULL,
	"intent" jsonb NOT NULL,
	"known_addition_ids" jsonb NOT NULL,
	"outcome" text NOT NULL,
	"addition_id" integer,
	"before" jsonb,
	"after" jsonb,
	"catalog_item" jsonb,
	"lots" jsonb,
	"message" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"settled_at" timestamp with time zone,
	CONSTRAINT "changes_organisation_id_id_pk" PRIMARY KEY("organisation_id","id")
);
--> statement-breakpoint
CREATE TABLE "connection_directory" (
	"site" text NOT NULL,
	"company_id" text NOT NULL,
	"organisation_id" uuid NOT NULL,
	CONSTRAINT "connection_directory_site_company_id_pk" PRIMARY KEY("site","company_id")
);
--> statement-breakpoint
CREATE TABLE "connections" (
	"organisation_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"settings" jsonb NOT NULL,
	"sealed" text NOT NULL,
	"seal_key_id" text NOT NULL,
	"state" text NOT NULL,
	"connected_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_checked_at" timestamp with time zone,
	"last_error" text,
	CONSTRAINT "connections_organisation_id_kind_pk" PRIMARY KEY("organisation_id","kind")
);
--> statement-breakpoint
CREATE TABLE "invoice_lines" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"invoice_id" text NOT NULL,
	"row" integer NOT NULL,
	"tenant_id" text,
	"subscription_id" text NOT NULL,
	"customer_name" text NOT NULL,
	"primary_domain_name" text NOT NULL,
	"agreement_number" text NOT NULL,
	"offer_name" text NOT NULL,
	"first_day" date NOT NULL,
	"last_day" date NOT NULL,
	"description" text NOT NULL,
	"quantity" numeric NOT NULL,
	"unit_cost" numeric NOT NULL,
	"unit_price" numeric NOT NULL,
	"cost" numeric NOT NULL,
	"price" numeric NOT NULL,
	"billing_cycle" text,
	"term_duration" text,
	"term_unit" text,
	CONSTRAINT "invoice_lines_organisation_id_program_invoice_id_row_pk" PRIMARY KEY("organisation_id","program","invoice_id","row")
);
--> statement-breakpoint
CREATE TABLE "invoices" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"id" text NOT NULL,
	"prism_invoice_id" text NOT NULL,
	"program_name" text NOT NULL,
	"period" text NOT NULL,
	"invoiced_on" date,
	"state" text NOT NULL,
	"reason_code" text,
	"reason" text,
	"row" integer,
	"column_name" text,
	"content_hash" text,
	"line_count" integer DEFAULT 0 NOT NULL,
	"total_cost" numeric,
	"total_price" numeric,
	"has_cycle" boolean,
	"detected_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ready_at" timestamp with time zone,
	"content_checked_at" timestamp with time zone,
	"decided_at" timestamp with time zone,
	"decided_by" text,
	CONSTRAINT "invoices_organisation_id_program_id_pk" PRIMARY KEY("organisation_id","program","id")
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"organisation_id" uuid NOT NULL,
	"resource" text NOT NULL,
	"token" uuid NOT NULL,
	"holder" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "leases_organisation_id_resource_pk" PRIMARY KEY("organisation_id","resource")
);
--> statement-breakpoint
CREATE TABLE "logins" (
	"kind" text NOT NULL,
	"identifier" text NOT NULL,
	"organisation_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	CONSTRAINT "logins_kind_identifier_organisation_id_pk" PRIMARY KEY("kind","identifier","organisation_id")
);
--> statement-breakpoint
CREATE TABLE "mappings" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"tenant_id" text NOT NULL,
	"company_id" integer NOT NULL,
	"company_name" text DEFAULT '' NOT NULL,
	"agreement_id" integer NOT NULL,
	"agreement_name" text DEFAULT '' NOT NULL,
	"sync_enabled" boolean NOT NULL,
	"first_period" text,
	"decisions" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"attempted_invoice_id" text,
	"look_again_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "mappings_organisation_id_program_tenant_id_pk" PRIMARY KEY("organisation_id","program","tenant_id")
);
--> statement-breakpoint
CREATE TABLE "member_checks" (
	"organisation_id" uuid NOT NULL,
	"claim_key" text NOT NULL,
	"member_id" text NOT NULL,
	"verified" boolean NOT NULL,
	"member_name" text NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "member_checks_organisation_id_claim_key_pk" PRIMARY KEY("organisation_id","claim_key")
);
--> statement-breakpoint
CREATE TABLE "organisations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"public_id" text NOT NULL,
	"name" text NOT NULL,
	"prism_partner_id" text,
	"members_may_sync" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "organisations_public_id_unique" UNIQUE("public_id"),
	CONSTRAINT "organisations_prism_partner_id_unique" UNIQUE("prism_partner_id")
);
--> statement-breakpoint
CREATE TABLE "pacing" (
	"organisation_id" uuid NOT NULL,
	"connection" text NOT NULL,
	"full_at" timestamp with time zone NOT NULL,
	CONSTRAINT "pacing_organisation_id_connection_pk" PRIMARY KEY("organisation_id","connection")
);
--> statement-breakpoint
CREATE TABLE "prism_subscriptions" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"id" text NOT NULL,
	"tenant_id" text NOT NULL,
	"product_id" text NOT NULL,
	"product_name" text NOT NULL,
	"display_template" text NOT NULL,
	"billing_cycle" text DEFAULT '' NOT NULL,
	"status" text DEFAULT '' NOT NULL,
	"current" boolean NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "prism_subscriptions_organisation_id_program_id_pk" PRIMARY KEY("organisation_id","program","id")
);
--> statement-breakpoint
CREATE TABLE "prism_tenants" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"domain" text NOT NULL,
	"customer_id" text DEFAULT '' NOT NULL,
	"status" text NOT NULL,
	"current" boolean NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "prism_tenants_organisation_id_program_id_pk" PRIMARY KEY("organisation_id","program","id")
);
--> statement-breakpoint
CREATE TABLE "products" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"product_id" text NOT NULL,
	"sku" text NOT NULL,
	"name" text NOT NULL,
	"unit_cost" numeric NOT NULL,
	"unit_price" numeric NOT NULL,
	"current" boolean NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "products_organisation_id_program_product_id_sku_pk" PRIMARY KEY("organisation_id","program","product_id","sku")
);
--> statement-breakpoint
CREATE TABLE "programs" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"enabled" boolean NOT NULL,
	"product_mode" text NOT NULL,
	"sync_azure" boolean NOT NULL,
	"annual_terms_monthly" boolean NOT NULL,
	"emails" jsonb NOT NULL,
	"contract_agreement_id" text,
	"defaults" jsonb NOT NULL,
	"guards" jsonb NOT NULL,
	"last_checked_at" timestamp with time zone,
	"last_check_error" text,
	CONSTRAINT "programs_organisation_id_program_pk" PRIMARY KEY("organisation_id","program")
);
--> statement-breakpoint
CREATE TABLE "run_items" (
	"organisation_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"agreement_id" integer NOT NULL,
	"program" text NOT NULL,
	"agreement_name" text DEFAULT '' NOT NULL,
	"company_id" integer NOT NULL,
	"company_name" text DEFAULT '' NOT NULL,
	"tenant_ids" jsonb NOT NULL,
	"state" text NOT NULL,
	"status" text,
	"plans" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"message" text,
	"detail" text,
	"remedy" text,
	"reference" text,
	"doing" text,
	"changes_done" integer DEFAULT 0 NOT NULL,
	"changes_total" integer DEFAULT 0 NOT NULL,
	"queued_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "run_items_organisation_id_run_id_agreement_id_pk" PRIMARY KEY("organisation_id","run_id","agreement_id")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"organisation_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"program" text NOT NULL,
	"kind" text NOT NULL,
	"trigger" text NOT NULL,
	"actor" text NOT NULL,
	"state" text NOT NULL,
	"status" text,
	"note" text,
	"first_period" text,
	"last_period" text,
	"stop_requested_at" timestamp with time zone,
	"stop_requested_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "runs_organisation_id_id_pk" PRIMARY KEY("organisation_id","id")
);
--> statement-breakpoint
CREATE TABLE "sync_positions" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"subscription_id" text NOT NULL,
	"tenant_id" text NOT NULL,
	"period" text NOT NULL,
	"invoice_id" text NOT NULL,
	"skipped_by" text,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sync_positions_organisation_id_program_subscription_id_pk" PRIMARY KEY("organisation_id","program","subscription_id")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"organisation_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"email" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"role" text NOT NULL,
	"password_hash" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"disabled_at" timestamp with time zone,
	CONSTRAINT "users_organisation_id_id_pk" PRIMARY KEY("organisation_id","id"),
	CONSTRAINT "users_organisation_email" UNIQUE("organisation_id","email")
);
--> statement-breakpoint
ALTER TABLE "connection_directory" ADD CONSTRAINT "connection_directory_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_invoice" FOREIGN KEY ("organisation_id","program","invoice_id") REFERENCES "public"."invoices"("organisation_id","program","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "logins" ADD CONSTRAINT "logins_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_items" ADD CONSTRAINT "run_items_run" FOREIGN KEY ("organisation_id","run_id") REFERENCES "public"."runs"("organisation_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "changes_organisation_agreement" ON "changes" USING btree ("organisation_id","program","agreement_id","id");--> statement-breakpoint
CREATE INDEX "changes_organisation_run" ON "changes" USING btree ("organisation_id","run_id","id");--> statement-breakpoint
CREATE INDEX "invoice_lines_organisation_tenant" ON "invoice_lines" USING btree ("organisation_id","program","invoice_id","tenant_id");--> statement-breakpoint
CREATE INDEX "invoices_organisation_period" ON "invoices" USING btree ("organisation_id","program","period");--> statement-breakpoint
CREATE INDEX "invoices_organisation_prism_id" ON "invoices" USING btree ("organisation_id","program","prism_invoice_id");--> statement-breakpoint
CREATE INDEX "mappings_organisation_agreement" ON "mappings" USING btree ("organisation_id","program","agreement_id");--> statement-breakpoint
CREATE INDEX "mappings_organisation_company" ON "mappings" USING btree ("organisation_id","program","company_id");--> statement-breakpoint
CREATE INDEX "member_checks_organisation_checked" ON "member_checks" USING btree ("organisation_id","checked_at");--> statement-breakpoint
CREATE INDEX "prism_subscriptions_organisation_tenant" ON "prism_subscriptions" USING btree ("organisation_id","program","tenant_id");--> statement-breakpoint
CREATE INDEX "prism_tenants_organisation_domain" ON "prism_tenants" USING btree ("organisation_id","program",lower("domain"));--> statement-breakpoint
CREATE INDEX "prism_tenants_organisation_name" ON "prism_tenants" USING btree ("organisation_id","program",lower("name"));--> statement-breakpoint
CREATE INDEX "run_items_organisation_agreement" ON "run_items" USING btree ("organisation_id","program","agreement_id","queued_at");--> statement-breakpoint
CREATE INDEX "runs_organisation_created" ON "runs" USING btree ("organisation_id","program","created_at");--> statement-breakpoint
CREATE INDEX "sync_positions_organisation_tenant" ON "sync_positions" USING btree ("organisation_id","program","tenant_id");