ALTER TABLE "run_items" ADD COLUMN "points" jsonb;--> statement-breakpoint
ALTER TABLE "run_items" ADD COLUMN "words" text;--> statement-breakpoint
CREATE INDEX "run_items_organisation_words" ON "run_items" USING gin ("organisation_id","words" gin_trgm_ops) WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "run_items_organisation_queued" ON "run_items" USING btree ("organisation_id","program","queued_at","run_id","agreement_id");--> statement-breakpoint
CREATE INDEX "run_items_organisation_without_words" ON "run_items" USING btree ("organisation_id","program") WHERE state = 'finished' AND words IS NULL;