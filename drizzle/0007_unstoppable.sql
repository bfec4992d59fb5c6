CREATE TABLE "caller_tries" (
	"kind" text NOT NULL,
	"caller" text NOT NULL,
	"forgotten_at" timestamp with time zone NOT NULL,
	CONSTRAINT "caller_tries_kind_caller_pk" PRIMARY KEY("kind","caller")
);
--> statement-breakpoint
CREATE TABLE "ended_sessions" (
	"organisation_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	CONSTRAINT "ended_sessions_organisation_id_session_id_pk" PRIMARY KEY("organisation_id","session_id")
);
--> statement-breakpoint
DROP INDEX "changes_organisation_run";--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "expires_at" timestamp with time zone DEFAULT now() + interval '365 days' NOT NULL;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "failing_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "run_items" ADD COLUMN "first_period" text;--> statement-breakpoint
ALTER TABLE "run_items" ADD COLUMN "last_period" text;--> statement-breakpoint
CREATE INDEX "caller_tries_forgotten" ON "caller_tries" USING btree ("forgotten_at");--> statement-breakpoint
CREATE INDEX "ended_sessions_organisation_ends" ON "ended_sessions" USING btree ("organisation_id","ends_at");--> statement-breakpoint
CREATE INDEX "run_items_organisation_unfinished" ON "run_items" USING btree ("organisation_id","run_id","agreement_id") WHERE state <> 'finished';--> statement-breakpoint
CREATE INDEX "sign_in_tries_last_failed" ON "sign_in_tries" USING btree ("last_failed_at");--> statement-breakpoint
CREATE INDEX "changes_organisation_run" ON "changes" USING btree ("organisation_id","run_id","agreement_id","period","id");