ALTER TABLE "former_mappings" ADD COLUMN "attempted_invoice_id" text;--> statement-breakpoint
ALTER TABLE "former_mappings" ADD COLUMN "look_again_at" timestamp with time zone;