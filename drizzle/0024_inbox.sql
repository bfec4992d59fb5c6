ALTER TABLE "waiting_subscriptions" ALTER COLUMN "period" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ALTER COLUMN "question" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD COLUMN "last_period" text;--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD COLUMN "kind" text;--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD COLUMN "cause" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD COLUMN "severity" text;--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD COLUMN "product" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD COLUMN "amount" numeric;--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD COLUMN "message" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD COLUMN "detail" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD COLUMN "remedy" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD COLUMN "addition_id" integer;--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD COLUMN "through" date;--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD COLUMN "asks" jsonb;--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD COLUMN "asks_billed" jsonb;--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD COLUMN "since" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD COLUMN "found_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "programs" ADD COLUMN "last_check_code" text;--> statement-breakpoint
CREATE INDEX "period_states_organisation_unbilled" ON "period_states" USING btree ("organisation_id","program","agreement_id") WHERE state <> 'good';--> statement-breakpoint
CREATE INDEX "waiting_subscriptions_cause" ON "waiting_subscriptions" USING btree ("organisation_id","program","cause");--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD CONSTRAINT "waiting_subscriptions_last_period_month" CHECK ("waiting_subscriptions"."last_period" ~ '^\d{4}-(0[1-9]|1[0-2])$');--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD CONSTRAINT "waiting_subscriptions_kind_known" CHECK ("waiting_subscriptions"."kind" IN ('guard', 'late', 'billed', 'first-sync', 'unknown-addition', 'ambiguous-additions', 'left-over', 'product', 'unfit', 'billed-twice', 'failed'));--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD CONSTRAINT "waiting_subscriptions_severity_known" CHECK ("waiting_subscriptions"."severity" IN ('error', 'warning'));