ALTER TABLE "waiting_subscriptions" DROP CONSTRAINT "waiting_subscriptions_kind_known";--> statement-breakpoint
-- contract: it is made anew, for what is adopted, too
DROP INDEX "changes_organisation_carried";--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD COLUMN "asks_line" jsonb;--> statement-breakpoint
ALTER TABLE "run_periods" ADD COLUMN "kind" text DEFAULT 'month' NOT NULL;--> statement-breakpoint
CREATE INDEX "changes_organisation_carried" ON "changes" USING btree ("organisation_id","program",("intent"->'carries'->>'invoiceId')) WHERE intent->'carries' IS NOT NULL;--> statement-breakpoint
-- contract: a value more
ALTER TABLE "waiting_subscriptions" ADD CONSTRAINT "waiting_subscriptions_kind_known" CHECK ("waiting_subscriptions"."kind" IN ('guard', 'late', 'billed', 'first-sync', 'unknown-addition', 'ambiguous-additions', 'left-over', 'product', 'unfit', 'billed-twice', 'annual-line', 'failed'));--> statement-breakpoint
-- contract: it is about a column that is new, and its default holds it
ALTER TABLE "run_periods" ADD CONSTRAINT "run_periods_kind_known" CHECK ("run_periods"."kind" IN ('month', 'annual'));