CREATE TABLE "product_previews" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"read_at" timestamp with time zone DEFAULT now() NOT NULL,
	"plan" jsonb NOT NULL,
	CONSTRAINT "product_previews_organisation_id_program_pk" PRIMARY KEY("organisation_id","program")
);
