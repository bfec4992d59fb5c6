CREATE TABLE "closed_bills" (
	"organisation_id" uuid NOT NULL,
	"closing_id" uuid NOT NULL,
	"bill" text NOT NULL,
	"customer" text NOT NULL,
	"invoiced_cost" numeric NOT NULL,
	"invoiced_price" numeric NOT NULL,
	"billed_cost" numeric NOT NULL,
	"billed_price" numeric NOT NULL,
	"terms" jsonb NOT NULL,
	"note" text,
	"accepted_by" text,
	"accepted_at" timestamp with time zone,
	CONSTRAINT "closed_bills_pk" PRIMARY KEY("organisation_id","closing_id","bill")
);
--> statement-breakpoint
CREATE TABLE "month_acceptances" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"period" text NOT NULL,
	"bill" text NOT NULL,
	"terms" jsonb NOT NULL,
	"note" text NOT NULL,
	"accepted_by" text NOT NULL,
	"accepted_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "month_acceptances_pk" PRIMARY KEY("organisation_id","program","period","bill"),
	CONSTRAINT "month_acceptances_period_month" CHECK ("month_acceptances"."period" ~ '^\d{4}-(0[1-9]|1[0-2])$')
);
--> statement-breakpoint
CREATE TABLE "month_bills" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"period" text NOT NULL,
	"agreement_id" integer NOT NULL,
	"run_id" uuid NOT NULL,
	"invoice_id" text NOT NULL,
	"newest" text NOT NULL,
	"invoiced_cost" numeric NOT NULL,
	"invoiced_price" numeric NOT NULL,
	"taken_cost" numeric NOT NULL,
	"taken_price" numeric NOT NULL,
	"billed_cost" numeric NOT NULL,
	"billed_price" numeric NOT NULL,
	"terms" jsonb NOT NULL,
	"failing" integer NOT NULL,
	"waiting" integer NOT NULL,
	"tenant_ids" text[] NOT NULL,
	"rows" jsonb NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "month_bills_pk" PRIMARY KEY("organisation_id","program","period","agreement_id"),
	CONSTRAINT "month_bills_period_month" CHECK ("month_bills"."period" ~ '^\d{4}-(0[1-9]|1[0-2])$'),
	CONSTRAINT "month_bills_newest_month" CHECK ("month_bills"."newest" ~ '^\d{4}-(0[1-9]|1[0-2])$'),
	CONSTRAINT "month_bills_failing_count" CHECK ("month_bills"."failing" >= 0),
	CONSTRAINT "month_bills_waiting_count" CHECK ("month_bills"."waiting" >= 0)
);
--> statement-breakpoint
CREATE TABLE "month_closings" (
	"organisation_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"program" text NOT NULL,
	"period" text NOT NULL,
	"invoice_id" text NOT NULL,
	"total_cost" numeric NOT NULL,
	"total_price" numeric NOT NULL,
	"billed_cost" numeric NOT NULL,
	"billed_price" numeric NOT NULL,
	"terms" jsonb NOT NULL,
	"closed_by" text NOT NULL,
	"closed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"reopened_by" text,
	"reopened_at" timestamp with time zone,
	"reopened_for" text,
	CONSTRAINT "month_closings_organisation_id_id_pk" PRIMARY KEY("organisation_id","id"),
	CONSTRAINT "month_closings_reopened" CHECK ((reopened_at IS NULL) = (reopened_by IS NULL) AND (reopened_at IS NULL) = (reopened_for IS NULL)),
	CONSTRAINT "month_closings_period_month" CHECK ("month_closings"."period" ~ '^\d{4}-(0[1-9]|1[0-2])$')
);
--> statement-breakpoint
ALTER TABLE "closed_bills" ADD CONSTRAINT "closed_bills_closing" FOREIGN KEY ("organisation_id","closing_id") REFERENCES "public"."month_closings"("organisation_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "month_bills_agreement" ON "month_bills" USING btree ("organisation_id","program","agreement_id","period");--> statement-breakpoint
CREATE UNIQUE INDEX "month_closings_one_closed" ON "month_closings" USING btree ("organisation_id","program","period") WHERE reopened_at IS NULL;--> statement-breakpoint
CREATE INDEX "month_closings_month" ON "month_closings" USING btree ("organisation_id","program","period","closed_at");