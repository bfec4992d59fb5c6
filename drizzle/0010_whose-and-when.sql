CREATE TABLE "addition_answers" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"agreement_id" integer NOT NULL,
	"addition_id" integer NOT NULL,
	"answer" text NOT NULL,
	"subscription_id" text,
	"ends_on" date,
	"answered_by" text NOT NULL,
	"answered_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "addition_answers_pk" PRIMARY KEY("organisation_id","program","agreement_id","addition_id")
);
--> statement-breakpoint
CREATE TABLE "confirmations" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"agreement_id" integer NOT NULL,
	"subscription_id" text NOT NULL,
	"period" text NOT NULL,
	"question" text NOT NULL,
	"invoice_id" text NOT NULL,
	"confirmed_by" text NOT NULL,
	"confirmed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "confirmations_pk" PRIMARY KEY("organisation_id","program","agreement_id","subscription_id","period","question")
);
--> statement-breakpoint
CREATE TABLE "former_mappings" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"tenant_id" text NOT NULL,
	"motion" text DEFAULT 'monthly' NOT NULL,
	"agreement_id" integer NOT NULL,
	"agreement_name" text DEFAULT '' NOT NULL,
	"company_id" integer NOT NULL,
	"company_name" text DEFAULT '' NOT NULL,
	"first_period" text,
	"last_period" text,
	"done_at" timestamp with time zone,
	"left_by" text NOT NULL,
	"left_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "former_mappings_pk" PRIMARY KEY("organisation_id","program","tenant_id","motion","agreement_id")
);
--> statement-breakpoint
CREATE TABLE "guard_verdicts" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"invoice_id" text NOT NULL,
	"verdict" jsonb NOT NULL,
	"judged_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "guard_verdicts_pk" PRIMARY KEY("organisation_id","program","invoice_id")
);
--> statement-breakpoint
CREATE TABLE "readings" (
	"organisation_id" uuid NOT NULL,
	"agreement_id" integer NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "readings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"first_read_at" timestamp with time zone NOT NULL,
	"last_read_at" timestamp with time zone NOT NULL,
	"next_invoice_date" date,
	"additions" jsonb NOT NULL,
	CONSTRAINT "readings_organisation_id_agreement_id_id_pk" PRIMARY KEY("organisation_id","agreement_id","id")
);
--> statement-breakpoint
CREATE TABLE "subscription_starts" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"agreement_id" integer NOT NULL,
	"subscription_id" text NOT NULL,
	"starts" text NOT NULL,
	"decided_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "subscription_starts_pk" PRIMARY KEY("organisation_id","program","agreement_id","subscription_id")
);
--> statement-breakpoint
CREATE TABLE "subscription_tenants" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"subscription_id" text NOT NULL,
	"tenant_id" text NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "subscription_tenants_pk" PRIMARY KEY("organisation_id","program","subscription_id","tenant_id")
);
--> statement-breakpoint
CREATE TABLE "tenant_aliases" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"kind" text NOT NULL,
	"value" text NOT NULL,
	"tenant_id" text NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tenant_aliases_pk" PRIMARY KEY("organisation_id","program","kind","value","tenant_id")
);
--> statement-breakpoint
ALTER TABLE "mappings" DROP CONSTRAINT "mappings_organisation_id_program_tenant_id_pk";--> statement-breakpoint
ALTER TABLE "mappings" ADD COLUMN "motion" text DEFAULT 'monthly' NOT NULL;--> statement-breakpoint
ALTER TABLE "mappings" ADD CONSTRAINT "mappings_organisation_id_program_tenant_id_motion_pk" PRIMARY KEY("organisation_id","program","tenant_id","motion");--> statement-breakpoint
ALTER TABLE "mappings" ADD COLUMN "begin" text;--> statement-breakpoint
ALTER TABLE "programs" ADD COLUMN "first_sync" text DEFAULT 'next' NOT NULL;--> statement-breakpoint
CREATE INDEX "former_mappings_organisation_agreement" ON "former_mappings" USING btree ("organisation_id","program","agreement_id");--> statement-breakpoint
INSERT INTO "tenant_aliases" ("organisation_id", "program", "kind", "value", "tenant_id")
SELECT "organisation_id", "program", 'domain', lower(trim("domain")), "id" FROM "prism_tenants" WHERE trim("domain") <> ''
UNION SELECT "organisation_id", "program", 'name', lower(trim("name")), "id" FROM "prism_tenants" WHERE trim("name") <> '';--> statement-breakpoint
INSERT INTO "subscription_tenants" ("organisation_id", "program", "subscription_id", "tenant_id")
SELECT "organisation_id", "program", "id", "tenant_id" FROM "prism_subscriptions";
