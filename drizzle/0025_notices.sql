CREATE TABLE "due_notices" (
	"organisation_id" uuid PRIMARY KEY NOT NULL,
	"next_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agreement_findings" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"agreement_id" integer NOT NULL,
	"ordinal" integer NOT NULL,
	"run_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"period" text NOT NULL,
	"tenant_id" text NOT NULL,
	"subscription_id" text NOT NULL,
	"product" text NOT NULL,
	"code" text NOT NULL,
	"message" text NOT NULL,
	"remedy" text NOT NULL,
	"amount" numeric,
	CONSTRAINT "agreement_findings_pk" PRIMARY KEY("organisation_id","program","agreement_id","ordinal"),
	CONSTRAINT "agreement_findings_ordinal_count" CHECK ("agreement_findings"."ordinal" >= 0),
	CONSTRAINT "agreement_findings_kind_known" CHECK ("agreement_findings"."kind" IN ('error', 'price')),
	CONSTRAINT "agreement_findings_period_month" CHECK ("agreement_findings"."period" ~ '^\d{4}-(0[1-9]|1[0-2])$'),
	CONSTRAINT "agreement_findings_subscription_id_lower" CHECK ("agreement_findings"."subscription_id" = lower("agreement_findings"."subscription_id" COLLATE "C"))
);
--> statement-breakpoint
CREATE TABLE "digests" (
	"organisation_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"program" text NOT NULL,
	"currency" text NOT NULL,
	"digest" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "digests_organisation_id_id_pk" PRIMARY KEY("organisation_id","id")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"organisation_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"digest_id" uuid NOT NULL,
	"program" text NOT NULL,
	"channel" text NOT NULL,
	"recipient" text NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"claimed_at" timestamp with time zone,
	"last_error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "messages_organisation_id_id_pk" PRIMARY KEY("organisation_id","id"),
	CONSTRAINT "messages_claimed" CHECK ((state = 'sending') = (claimed_at IS NOT NULL)),
	CONSTRAINT "messages_ended" CHECK ((state IN ('sent', 'failed', 'dropped')) = (ended_at IS NOT NULL)),
	CONSTRAINT "messages_channel_known" CHECK ("messages"."channel" IN ('mail', 'webhook')),
	CONSTRAINT "messages_state_known" CHECK ("messages"."state" IN ('queued', 'sending', 'sent', 'failed', 'dropped')),
	CONSTRAINT "messages_attempts_count" CHECK ("messages"."attempts" >= 0)
);
--> statement-breakpoint
CREATE TABLE "told" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"told" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "told_organisation_id_program_pk" PRIMARY KEY("organisation_id","program")
);
--> statement-breakpoint
CREATE TABLE "unsubscribed" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"address" text NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "unsubscribed_organisation_id_program_address_pk" PRIMARY KEY("organisation_id","program","address"),
	CONSTRAINT "unsubscribed_address_lower" CHECK ("unsubscribed"."address" = lower("unsubscribed"."address" COLLATE "C"))
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"format" text NOT NULL,
	"host" text NOT NULL,
	"sealed" text NOT NULL,
	"seal_key_id" text NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "webhooks_organisation_id_program_pk" PRIMARY KEY("organisation_id","program"),
	CONSTRAINT "webhooks_format_known" CHECK ("webhooks"."format" IN ('standard', 'teams'))
);
--> statement-breakpoint
ALTER TABLE "due_notices" ADD CONSTRAINT "due_notices_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_digest" FOREIGN KEY ("organisation_id","digest_id") REFERENCES "public"."digests"("organisation_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "due_notices_next" ON "due_notices" USING btree ("next_at");--> statement-breakpoint
CREATE INDEX "messages_organisation_due" ON "messages" USING btree ("organisation_id","due_at") WHERE state IN ('queued', 'sending');--> statement-breakpoint
CREATE INDEX "messages_organisation_recipient" ON "messages" USING btree ("organisation_id","program","channel","recipient","created_at");--> statement-breakpoint
CREATE INDEX "messages_organisation_digest" ON "messages" USING btree ("organisation_id","digest_id");