CREATE TABLE "throttled_hours" (
	"organisation_id" uuid NOT NULL,
	"connection" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"answers" integer NOT NULL,
	CONSTRAINT "throttled_hours_organisation_id_connection_hour_pk" PRIMARY KEY("organisation_id","connection","hour")
);
--> statement-breakpoint
ALTER TABLE "changes" ADD COLUMN "request_id" text;--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "request_id" text;--> statement-breakpoint
CREATE INDEX "changes_organisation_created" ON "changes" USING btree ("organisation_id","created_at","outcome") WHERE kind <> 'keep';--> statement-breakpoint
CREATE INDEX "changes_organisation_open" ON "changes" USING btree ("organisation_id","program","agreement_id") WHERE outcome IN ('pending', 'unknown');