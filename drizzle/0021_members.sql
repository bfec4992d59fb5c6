CREATE TABLE "members" (
	"organisation_id" uuid NOT NULL,
	"member_id" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"own_right" text,
	"proved_at" timestamp with time zone,
	"sessions_from" timestamp with time zone,
	CONSTRAINT "members_organisation_id_member_id_pk" PRIMARY KEY("organisation_id","member_id"),
	CONSTRAINT "members_member_id_lower" CHECK ("members"."member_id" = lower("members"."member_id" COLLATE "C")),
	CONSTRAINT "members_own_right_known" CHECK ("members"."own_right" IN ('none', 'look', 'look-with-cost', 'map-and-sync'))
);
--> statement-breakpoint
ALTER TABLE "caller_tries" DROP CONSTRAINT "caller_tries_kind_known";--> statement-breakpoint
ALTER TABLE "organisations" ADD COLUMN "members_right" text DEFAULT 'look' NOT NULL;--> statement-breakpoint
UPDATE "organisations" SET "members_right" = 'map-and-sync' WHERE "members_may_sync";--> statement-breakpoint
ALTER TABLE "organisations" DROP COLUMN "members_may_sync";--> statement-breakpoint
-- Who was proved in the last day is known from the beginning.
INSERT INTO "members" ("organisation_id", "member_id", "name", "proved_at")
SELECT DISTINCT ON (organisation_id, member_id) organisation_id, member_id, member_name, checked_at
FROM "member_checks" WHERE verified ORDER BY organisation_id, member_id, checked_at DESC;--> statement-breakpoint
ALTER TABLE "caller_tries" ADD CONSTRAINT "caller_tries_kind_known" CHECK ("caller_tries"."kind" IN ('password', 'member', 'known-member', 'member-asked'));--> statement-breakpoint
ALTER TABLE "organisations" ADD CONSTRAINT "organisations_members_right_known" CHECK ("organisations"."members_right" IN ('none', 'look', 'look-with-cost', 'map-and-sync'));