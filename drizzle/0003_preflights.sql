CREATE TABLE "preflights" (
	"organisation_id" uuid NOT NULL,
	"program" text NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	"checks" jsonb NOT NULL,
	CONSTRAINT "preflights_organisation_id_program_pk" PRIMARY KEY("organisation_id","program")
);
