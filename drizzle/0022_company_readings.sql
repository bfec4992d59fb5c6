CREATE TABLE "company_readings" (
	"organisation_id" uuid NOT NULL,
	"company_id" integer NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	"reading" jsonb NOT NULL,
	CONSTRAINT "company_readings_organisation_id_company_id_pk" PRIMARY KEY("organisation_id","company_id")
);
