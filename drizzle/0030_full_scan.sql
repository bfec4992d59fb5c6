CREATE TABLE "scanned_additions" (
	"organisation_id" uuid NOT NULL,
	"agreement_id" integer NOT NULL,
	"addition_id" integer NOT NULL,
	"item_id" integer NOT NULL,
	"serial" text NOT NULL,
	"quantity" numeric NOT NULL,
	"amount" numeric NOT NULL,
	"is_active" boolean NOT NULL,
	CONSTRAINT "scanned_additions_organisation_id_agreement_id_addition_id_pk" PRIMARY KEY("organisation_id","agreement_id","addition_id"),
	CONSTRAINT "scanned_additions_serial_lower" CHECK ("scanned_additions"."serial" = lower("scanned_additions"."serial" COLLATE "C"))
);
--> statement-breakpoint
CREATE TABLE "scanned_agreements" (
	"organisation_id" uuid NOT NULL,
	"agreement_id" integer NOT NULL,
	"company_id" integer NOT NULL,
	"company_name" text NOT NULL,
	"name" text NOT NULL,
	"is_monthly" boolean NOT NULL,
	"scan_id" uuid NOT NULL,
	"is_waiting" boolean NOT NULL,
	"read_at" timestamp with time zone,
	CONSTRAINT "scanned_agreements_organisation_id_agreement_id_pk" PRIMARY KEY("organisation_id","agreement_id")
);
--> statement-breakpoint
CREATE TABLE "scanned_contacts" (
	"organisation_id" uuid NOT NULL,
	"company_id" integer NOT NULL,
	"domains" jsonb NOT NULL,
	CONSTRAINT "scanned_contacts_organisation_id_company_id_pk" PRIMARY KEY("organisation_id","company_id")
);
--> statement-breakpoint
CREATE TABLE "scanned_items" (
	"organisation_id" uuid NOT NULL,
	"item_id" integer NOT NULL,
	"identifier" text NOT NULL,
	"description" text NOT NULL,
	"sku" text NOT NULL,
	"scan_id" uuid NOT NULL,
	CONSTRAINT "scanned_items_organisation_id_item_id_pk" PRIMARY KEY("organisation_id","item_id"),
	CONSTRAINT "scanned_items_sku_lower" CHECK ("scanned_items"."sku" = lower("scanned_items"."sku" COLLATE "C"))
);
--> statement-breakpoint
CREATE TABLE "scans" (
	"organisation_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"state" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"started_by" text NOT NULL,
	"stop_requested_at" timestamp with time zone,
	"stop_requested_by" text,
	"ended_at" timestamp with time zone,
	"note" text,
	"listed_at" timestamp with time zone,
	"agreements" integer DEFAULT 0 NOT NULL,
	"contacts" text,
	"refused" integer DEFAULT 0 NOT NULL,
	"complete_at" timestamp with time zone,
	CONSTRAINT "scans_organisation_id_pk" PRIMARY KEY("organisation_id"),
	CONSTRAINT "scans_state_known" CHECK ("scans"."state" IN ('running', 'finished', 'stopped', 'failed')),
	CONSTRAINT "scans_agreements_count" CHECK ("scans"."agreements" >= 0),
	CONSTRAINT "scans_contacts_known" CHECK ("scans"."contacts" IN ('read', 'denied', 'refused')),
	CONSTRAINT "scans_refused_count" CHECK ("scans"."refused" >= 0)
);
--> statement-breakpoint
CREATE INDEX "scanned_additions_organisation_serial" ON "scanned_additions" USING btree ("organisation_id","serial");--> statement-breakpoint
CREATE INDEX "scanned_additions_organisation_item" ON "scanned_additions" USING btree ("organisation_id","item_id");--> statement-breakpoint
CREATE INDEX "scanned_agreements_organisation_company" ON "scanned_agreements" USING btree ("organisation_id","company_id");--> statement-breakpoint
CREATE INDEX "scanned_agreements_organisation_waiting" ON "scanned_agreements" USING btree ("organisation_id","is_waiting","agreement_id");--> statement-breakpoint
CREATE INDEX "scanned_items_organisation_sku" ON "scanned_items" USING btree ("organisation_id","sku");