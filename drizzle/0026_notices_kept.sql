DROP INDEX "messages_organisation_recipient";--> statement-breakpoint
CREATE INDEX "digests_organisation_created" ON "digests" USING btree ("organisation_id","created_at");--> statement-breakpoint
CREATE INDEX "messages_organisation_address" ON "messages" USING btree ("organisation_id","program","channel",lower("recipient"),"created_at");