CREATE TABLE "waiting_subscriptions" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"agreement_id" integer NOT NULL,
	"ordinal" integer NOT NULL,
	"run_id" uuid NOT NULL,
	"period" text NOT NULL,
	"subscription_id" text NOT NULL,
	"tenant_id" text NOT NULL,
	"question" text NOT NULL,
	"invoiced_price" numeric NOT NULL,
	"billed_price" numeric NOT NULL,
	CONSTRAINT "waiting_subscriptions_pk" PRIMARY KEY("organisation_id","program","agreement_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "run_periods" (
	"organisation_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"agreement_id" integer NOT NULL,
	"period" text NOT NULL,
	"round" integer NOT NULL,
	"invoice_id" text NOT NULL,
	"format" text NOT NULL,
	"plan" jsonb NOT NULL,
	"known_addition_ids" jsonb NOT NULL,
	"end" text,
	"stored_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "run_periods_pk" PRIMARY KEY("organisation_id","run_id","agreement_id","period","round")
);
--> statement-breakpoint
ALTER TABLE "changes" ALTER COLUMN "known_addition_ids" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "changes" ADD COLUMN "round" integer;--> statement-breakpoint
ALTER TABLE "changes" ADD COLUMN "position" integer;--> statement-breakpoint
ALTER TABLE "run_periods" ADD CONSTRAINT "run_periods_item" FOREIGN KEY ("organisation_id","run_id","agreement_id") REFERENCES "public"."run_items"("organisation_id","run_id","agreement_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "waiting_subscriptions_tenant" ON "waiting_subscriptions" USING btree ("organisation_id","program","tenant_id");--> statement-breakpoint
-- What runs did so far is kept as it was stored: each month's plan with what became of its changes.
INSERT INTO "run_periods" ("organisation_id", "run_id", "agreement_id", "period", "round", "invoice_id", "format", "plan", "known_addition_ids", "end", "stored_at", "ended_at")
SELECT item.organisation_id, item.run_id, item.agreement_id, month.plan->>'period',
       row_number() OVER (PARTITION BY item.organisation_id, item.run_id, item.agreement_id, month.plan->>'period' ORDER BY month.at),
       month.plan->>'invoiceId', 'outcome', month.plan, '[]', 'proved', coalesce(item.finished_at, now()), coalesce(item.finished_at, now())
FROM "run_items" item, jsonb_array_elements(item.plans) WITH ORDINALITY AS month(plan, at);--> statement-breakpoint
-- A month that a sync is in the middle of goes on in another round.
INSERT INTO "run_periods" ("organisation_id", "run_id", "agreement_id", "period", "round", "invoice_id", "format", "plan", "known_addition_ids")
SELECT item.organisation_id, item.run_id, item.agreement_id, item.begun->>'period', 1, item.begun->>'invoiceId', 'plan', item.begun, '[]'
FROM "run_items" item WHERE item.begun IS NOT NULL AND item.state <> 'finished'
ON CONFLICT DO NOTHING;--> statement-breakpoint
INSERT INTO "waiting_subscriptions" ("organisation_id", "program", "agreement_id", "ordinal", "run_id", "period", "subscription_id", "tenant_id", "question", "invoiced_price", "billed_price")
SELECT last.organisation_id, last.program, last.agreement_id,
       row_number() OVER (PARTITION BY last.organisation_id, last.program, last.agreement_id) - 1,
       last.run_id, month.plan->>'period', lower(subscription.plan->>'subscriptionId'), subscription.plan->>'tenantId',
       subscription.plan->'waits'->>'question', (subscription.plan->'invoiced'->>'price')::numeric, (subscription.plan->'billed'->>'price')::numeric
FROM (SELECT DISTINCT ON (organisation_id, program, agreement_id) * FROM "run_items" WHERE state = 'finished'
      ORDER BY organisation_id, program, agreement_id, queued_at DESC) last,
     jsonb_array_elements(last.plans) AS month(plan), jsonb_array_elements(month.plan->'subscriptions') AS subscription(plan)
WHERE subscription.plan ? 'waits';--> statement-breakpoint
ALTER TABLE "run_items" DROP COLUMN "plans";--> statement-breakpoint
ALTER TABLE "run_items" DROP COLUMN "begun";