ALTER TABLE "period_states" DROP CONSTRAINT "period_states_by";--> statement-breakpoint
ALTER TABLE "period_states" DROP CONSTRAINT "period_states_state_known";--> statement-breakpoint
ALTER TABLE "run_periods" ADD COLUMN "invoiced_through" date;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "undoes" uuid;--> statement-breakpoint
CREATE INDEX "runs_organisation_undoes" ON "runs" USING btree ("organisation_id","undoes") WHERE undoes IS NOT NULL;--> statement-breakpoint
ALTER TABLE "period_states" ADD CONSTRAINT "period_states_by" CHECK ((state <> 'good') = (by IS NOT NULL));--> statement-breakpoint
ALTER TABLE "period_states" ADD CONSTRAINT "period_states_state_known" CHECK ("period_states"."state" IN ('good', 'skipped', 'parked'));