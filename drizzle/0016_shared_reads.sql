CREATE TABLE "shared_reads" (
	"organisation_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"value" jsonb NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	CONSTRAINT "shared_reads_organisation_id_run_id_kind_key_pk" PRIMARY KEY("organisation_id","run_id","kind","key")
);
--> statement-breakpoint
ALTER TABLE "shared_reads" ADD CONSTRAINT "shared_reads_run" FOREIGN KEY ("organisation_id","run_id") REFERENCES "public"."runs"("organisation_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "shared_reads_organisation_read" ON "shared_reads" USING btree ("organisation_id","read_at");