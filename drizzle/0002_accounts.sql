CREATE TABLE "first_owner_links" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"organisation_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"token_hash" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"accepted_at" timestamp with time zone,
	"withdrawn_at" timestamp with time zone,
	CONSTRAINT "invitations_organisation_id_id_pk" PRIMARY KEY("organisation_id","id"),
	CONSTRAINT "invitations_organisation_hash" UNIQUE("organisation_id","token_hash")
);
--> statement-breakpoint
CREATE TABLE "sign_in_tries" (
	"identifier" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"last_failed_at" timestamp with time zone NOT NULL,
	"locked_until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "waiting_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "sessions_from" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "audit_events_organisation_at" ON "audit_events" USING btree ("organisation_id","at");--> statement-breakpoint
UPDATE "users" SET "role" = 'viewer' WHERE "role" = 'technician';--> statement-breakpoint
UPDATE "api_tokens" SET "role" = 'viewer' WHERE "role" = 'technician';
