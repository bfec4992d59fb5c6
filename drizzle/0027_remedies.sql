ALTER TABLE "waiting_subscriptions" ADD COLUMN "still_wrong" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "sets_back" jsonb;