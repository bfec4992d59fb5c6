CREATE TABLE "member_checks" (
	"organisation_id" uuid NOT NULL,
	"claim_key" text NOT NULL,
	"member_id" text NOT NULL,
	"verified" boolean NOT NULL,
	"member_name" text NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "member_checks_organisation_id_claim_key_pk" PRIMARY KEY("organisation_id","claim_key")
);
--> statement-breakpoint
CREATE INDEX "member_checks_organisation_checked" ON "member_checks" USING btree ("organisation_id","checked_at");