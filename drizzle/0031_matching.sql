CREATE TABLE "never_mapped" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"tenant_id" text NOT NULL,
	"reason" text NOT NULL,
	"said_by" text NOT NULL,
	"said_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "never_mapped_pk" PRIMARY KEY("organisation_id","program","tenant_id")
);
--> statement-breakpoint
ALTER TABLE "mappings" ADD COLUMN "accepted_in" uuid;