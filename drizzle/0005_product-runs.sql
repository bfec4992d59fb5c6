CREATE TABLE "product_results" (
	"organisation_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"sku" text NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"what" text NOT NULL,
	"catalog_item_id" integer,
	"before" jsonb,
	"after" jsonb,
	"message" text,
	"remedy" text,
	CONSTRAINT "product_results_organisation_id_run_id_sku_pk" PRIMARY KEY("organisation_id","run_id","sku")
);
--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "counts" jsonb;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "done" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "total" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "doing" text;--> statement-breakpoint
ALTER TABLE "product_results" ADD CONSTRAINT "product_results_run" FOREIGN KEY ("organisation_id","run_id") REFERENCES "public"."runs"("organisation_id","id") ON DELETE cascade ON UPDATE no action;