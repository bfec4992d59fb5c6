CREATE TABLE "recovery_codes" (
	"organisation_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"code_hash" text NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "recovery_codes_organisation_id_user_id_code_hash_pk" PRIMARY KEY("organisation_id","user_id","code_hash")
);
--> statement-breakpoint
CREATE TABLE "second_factors" (
	"organisation_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"sealed" text NOT NULL,
	"seal_key_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"confirmed_at" timestamp with time zone,
	"last_step" bigint,
	CONSTRAINT "second_factors_organisation_id_user_id_pk" PRIMARY KEY("organisation_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "organisations" ADD COLUMN "second_factor" text DEFAULT 'optional' NOT NULL;--> statement-breakpoint
-- contract: it is about a column that is new, and its default holds it
ALTER TABLE "organisations" ADD CONSTRAINT "organisations_second_factor_known" CHECK ("organisations"."second_factor" IN ('optional', 'owners', 'everybody'));