CREATE TABLE "billed_answers" (
	"organisation_id" uuid NOT NULL,
	"agreement_id" integer NOT NULL,
	"addition_id" integer NOT NULL,
	"through" date NOT NULL,
	"reading_id" bigint NOT NULL,
	"billed" text NOT NULL,
	"answered_by" text NOT NULL,
	"answered_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "billed_answers_pk" PRIMARY KEY("organisation_id","agreement_id","addition_id","through")
);
--> statement-breakpoint
ALTER TABLE "readings" ADD COLUMN "doubts" jsonb DEFAULT '[]'::jsonb NOT NULL;