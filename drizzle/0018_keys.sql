ALTER TABLE "invoice_lines" DROP CONSTRAINT "invoice_lines_invoice";
--> statement-breakpoint
ALTER TABLE "changes" DROP CONSTRAINT "changes_organisation_id_id_pk";--> statement-breakpoint
ALTER TABLE "audit_events" DROP CONSTRAINT "audit_events_organisation_id_id_pk";--> statement-breakpoint
ALTER TABLE "invoice_lines" DROP CONSTRAINT "invoice_lines_organisation_id_program_invoice_id_row_pk";--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD COLUMN "period" text;--> statement-breakpoint
UPDATE "invoice_lines" l SET "period" = i."period" FROM "invoices" i
WHERE i."organisation_id" = l."organisation_id" AND i."program" = l."program" AND i."id" = l."invoice_id";--> statement-breakpoint
ALTER TABLE "invoice_lines" ALTER COLUMN "period" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_organisation_id_period" UNIQUE("organisation_id","program","id","period");--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_pk" PRIMARY KEY("organisation_id","id","period");--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_pk" PRIMARY KEY("organisation_id","id","at");--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_pk" PRIMARY KEY("organisation_id","program","invoice_id","row","period");--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_invoice" FOREIGN KEY ("organisation_id","program","invoice_id","period") REFERENCES "public"."invoices"("organisation_id","program","id","period") ON DELETE cascade ON UPDATE no action;
