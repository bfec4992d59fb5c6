DROP INDEX "changes_organisation_run";--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "failing_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "run_items" ADD COLUMN "first_period" text;--> statement-breakpoint
ALTER TABLE "run_items" ADD COLUMN "last_period" text;--> statement-breakpoint
CREATE INDEX "run_items_organisation_unfinished" ON "run_items" USING btree ("organisation_id","run_id","agreement_id") WHERE state <> 'finished';--> statement-breakpoint
CREATE INDEX "changes_organisation_run" ON "changes" USING btree ("organisation_id","run_id","agreement_id","period","id");