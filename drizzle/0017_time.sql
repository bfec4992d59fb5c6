CREATE TABLE "due_looks" (
	"organisation_id" uuid PRIMARY KEY NOT NULL,
	"next_look_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "former_mappings" ADD COLUMN "looking_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "mappings" ADD COLUMN "looking_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "looks_again" text;--> statement-breakpoint
ALTER TABLE "due_looks" ADD CONSTRAINT "due_looks_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "due_looks_next" ON "due_looks" USING btree ("next_look_at");--> statement-breakpoint
CREATE INDEX "former_mappings_organisation_look_again" ON "former_mappings" USING btree ("organisation_id","look_again_at") WHERE look_again_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX "mappings_organisation_look_again" ON "mappings" USING btree ("organisation_id","look_again_at") WHERE look_again_at IS NOT NULL;--> statement-breakpoint
-- Where both systems are connected, PRISM is looked at with the next scheduled call.
INSERT INTO "due_looks" ("organisation_id", "next_look_at")
SELECT organisation_id, now() FROM "connections" JOIN "organisations" ON id = organisation_id
GROUP BY organisation_id HAVING count(*) = 2;--> statement-breakpoint
-- An agreement whose last sync ended in an Error is looked at again, unless somebody stopped that sync.
UPDATE "mappings" SET look_again_at = coalesce(look_again_at, now()), looking_since = now()
FROM (SELECT DISTINCT ON (organisation_id, program, agreement_id) organisation_id, program, agreement_id, status, message
      FROM "run_items" WHERE state = 'finished' ORDER BY organisation_id, program, agreement_id, queued_at DESC) last
WHERE last.organisation_id = mappings.organisation_id AND last.program = mappings.program AND last.agreement_id = mappings.agreement_id
  AND mappings.sync_enabled AND last.status = 'Error' AND coalesce(last.message, '') NOT LIKE 'Stopped by %';
