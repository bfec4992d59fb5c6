ALTER TABLE "mappings" ADD COLUMN "outlook" jsonb;--> statement-breakpoint
CREATE INDEX "mappings_organisation_outlook" ON "mappings" USING btree ("organisation_id","program","agreement_id") WHERE outlook IS NOT NULL;--> statement-breakpoint
CREATE INDEX "audit_events_organisation_subject" ON "audit_events" USING btree ("organisation_id","subject");--> statement-breakpoint
CREATE INDEX "audit_events_organisation_tenant" ON "audit_events" USING btree ("organisation_id",(detail ->> 'tenantId')) WHERE detail ->> 'tenantId' IS NOT NULL;--> statement-breakpoint
CREATE INDEX "audit_events_organisation_agreement" ON "audit_events" USING btree ("organisation_id",(detail ->> 'agreementId')) WHERE detail ->> 'agreementId' IS NOT NULL;