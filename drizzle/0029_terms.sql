CREATE TABLE "added_seats" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"subscription_id" text NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"seats" numeric NOT NULL,
	"fewer_at" timestamp with time zone,
	CONSTRAINT "added_seats_organisation_id_program_subscription_id_seen_at_pk" PRIMARY KEY("organisation_id","program","subscription_id","seen_at"),
	CONSTRAINT "added_seats_subscription_id_lower" CHECK ("added_seats"."subscription_id" = lower("added_seats"."subscription_id" COLLATE "C"))
);
--> statement-breakpoint
CREATE TABLE "term_ends" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"subscription_id" text NOT NULL,
	"ends_on" date NOT NULL,
	"said_by" text NOT NULL,
	"said_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "term_ends_organisation_id_program_subscription_id_pk" PRIMARY KEY("organisation_id","program","subscription_id"),
	CONSTRAINT "term_ends_subscription_id_lower" CHECK ("term_ends"."subscription_id" = lower("term_ends"."subscription_id" COLLATE "C"))
);
--> statement-breakpoint
ALTER TABLE "prism_subscriptions" ADD COLUMN "first_purchased" date;