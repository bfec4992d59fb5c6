CREATE TABLE "agreed_prices" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"agreement_id" integer NOT NULL,
	"subscription_id" text NOT NULL,
	"tenant_id" text NOT NULL,
	"unit_price" numeric NOT NULL,
	"starts_on" date NOT NULL,
	"agreed_by" text NOT NULL,
	"agreed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "agreed_prices_pk" PRIMARY KEY("organisation_id","program","agreement_id","subscription_id"),
	CONSTRAINT "agreed_prices_subscription_id_lower" CHECK ("agreed_prices"."subscription_id" = lower("agreed_prices"."subscription_id" COLLATE "C"))
);
--> statement-breakpoint
CREATE TABLE "lasting_points" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"agreement_id" integer NOT NULL,
	"ordinal" integer NOT NULL,
	"cause" text NOT NULL,
	"tenant_id" text NOT NULL,
	"subscription_id" text NOT NULL,
	"product" text NOT NULL,
	"period" text NOT NULL,
	"amount" numeric NOT NULL,
	"message" text NOT NULL,
	"detail" text NOT NULL,
	"remedy" text NOT NULL,
	"offer_price" numeric,
	"offer_from" date,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "lasting_points_pk" PRIMARY KEY("organisation_id","program","agreement_id","ordinal"),
	CONSTRAINT "lasting_points_ordinal_count" CHECK ("lasting_points"."ordinal" >= 0),
	CONSTRAINT "lasting_points_cause_known" CHECK ("lasting_points"."cause" IN ('below-cost', 'difference/price', 'difference/not-billed', 'difference/drift', 'difference/unexplained', 'ignored/annual', 'ignored/azure')),
	CONSTRAINT "lasting_points_subscription_id_lower" CHECK ("lasting_points"."subscription_id" = lower("lasting_points"."subscription_id" COLLATE "C")),
	CONSTRAINT "lasting_points_period_month" CHECK ("lasting_points"."period" ~ '^\d{4}-(0[1-9]|1[0-2])$')
);
--> statement-breakpoint
CREATE TABLE "mutes" (
	"organisation_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"program" text NOT NULL,
	"tenant_id" text NOT NULL,
	"cause" text NOT NULL,
	"amount" numeric NOT NULL,
	"reason" text NOT NULL,
	"until" date NOT NULL,
	"until_invoice_after" text,
	"muted_by" text NOT NULL,
	"muted_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_as" text,
	CONSTRAINT "mutes_organisation_id_id_pk" PRIMARY KEY("organisation_id","id"),
	CONSTRAINT "mutes_ended" CHECK ((ended_at IS NULL) = (ended_as IS NULL)),
	CONSTRAINT "mutes_cause_known" CHECK ("mutes"."cause" IN ('below-cost', 'difference/price', 'difference/not-billed', 'difference/drift', 'difference/unexplained', 'ignored/annual', 'ignored/azure')),
	CONSTRAINT "mutes_until_invoice_after_month" CHECK ("mutes"."until_invoice_after" ~ '^\d{4}-(0[1-9]|1[0-2])$'),
	CONSTRAINT "mutes_ended_as_known" CHECK ("mutes"."ended_as" IN ('unmuted', 'replaced', 'cleared', 'expired', 'returned'))
);
--> statement-breakpoint
ALTER TABLE "organisations" ADD COLUMN "time_zone" text DEFAULT 'UTC' NOT NULL;--> statement-breakpoint
CREATE INDEX "lasting_points_cause" ON "lasting_points" USING btree ("organisation_id","program","cause");--> statement-breakpoint
CREATE INDEX "lasting_points_tenant" ON "lasting_points" USING btree ("organisation_id","program","tenant_id","cause");--> statement-breakpoint
CREATE UNIQUE INDEX "mutes_open" ON "mutes" USING btree ("organisation_id","program","tenant_id","cause") WHERE ended_at IS NULL;