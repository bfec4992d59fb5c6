-- Of two that began at once the first one counts.
DELETE FROM "unfit_spans" later USING "unfit_spans" first
WHERE later."organisation_id" = first."organisation_id" AND later."agreement_id" = first."agreement_id"
  AND later."fit_again_at" IS NULL AND first."fit_again_at" IS NULL AND later."unfit_since" > first."unfit_since";--> statement-breakpoint
-- An open run over products beside a newer one is made by nobody any more.
UPDATE "runs" older SET "state" = 'finished', "status" = 'Error', "finished_at" = now(), "doing" = NULL
FROM "runs" newer
WHERE older."kind" = 'products' AND older."state" <> 'finished' AND newer."kind" = 'products' AND newer."state" <> 'finished'
  AND older."organisation_id" = newer."organisation_id" AND older."program" = newer."program"
  AND (older."created_at", older."id") < (newer."created_at", newer."id");--> statement-breakpoint
UPDATE "runs" SET "finished_at" = coalesce("started_at", "created_at") WHERE "state" = 'finished' AND "finished_at" IS NULL;--> statement-breakpoint
UPDATE "run_items" SET "finished_at" = coalesce("started_at", "queued_at") WHERE "state" = 'finished' AND "finished_at" IS NULL;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_kind_known" CHECK ("connections"."kind" IN ('prism', 'connectwise'));--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_state_known" CHECK ("connections"."state" IN ('connected', 'failing'));--> statement-breakpoint
ALTER TABLE "caller_tries" ADD CONSTRAINT "caller_tries_kind_known" CHECK ("caller_tries"."kind" IN ('password', 'member'));--> statement-breakpoint
ALTER TABLE "connection_directory" ADD CONSTRAINT "connection_directory_site_lower" CHECK ("connection_directory"."site" = lower("connection_directory"."site" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "connection_directory" ADD CONSTRAINT "connection_directory_company_id_lower" CHECK ("connection_directory"."company_id" = lower("connection_directory"."company_id" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "logins" ADD CONSTRAINT "logins_kind_known" CHECK ("logins"."kind" IN ('email', 'prism'));--> statement-breakpoint
ALTER TABLE "logins" ADD CONSTRAINT "logins_identifier_lower" CHECK ("logins"."identifier" = lower("logins"."identifier" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "sign_in_tries" ADD CONSTRAINT "sign_in_tries_failures_count" CHECK ("sign_in_tries"."failures" >= 0);--> statement-breakpoint
ALTER TABLE "billed_answers" ADD CONSTRAINT "billed_answers_billed_known" CHECK ("billed_answers"."billed" IN ('before', 'after'));--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_period_month" CHECK ("changes"."period" ~ '^\d{4}-(0[1-9]|1[0-2])$' OR "changes"."period" IN (''));--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_round_ordinal" CHECK ("changes"."round" >= 1);--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_position_count" CHECK ("changes"."position" >= 0);--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_subscription_id_lower" CHECK ("changes"."subscription_id" = lower("changes"."subscription_id" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_kind_known" CHECK ("changes"."kind" IN ('create', 'end', 'update', 'delete', 'createCatalogItem', 'updateCatalogItem', 'keep'));--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_outcome_known" CHECK ("changes"."outcome" IN ('pending', 'done', 'refused', 'unknown', 'lost', 'kept', 'not-sent'));--> statement-breakpoint
ALTER TABLE "addition_answers" ADD CONSTRAINT "addition_answers_subscription" CHECK ((answer = 'subscription') = (subscription_id IS NOT NULL));--> statement-breakpoint
ALTER TABLE "addition_answers" ADD CONSTRAINT "addition_answers_end" CHECK ((answer = 'ends') = (ends_on IS NOT NULL));--> statement-breakpoint
ALTER TABLE "addition_answers" ADD CONSTRAINT "addition_answers_answer_known" CHECK ("addition_answers"."answer" IN ('subscription', 'nobody', 'stays', 'ends'));--> statement-breakpoint
ALTER TABLE "addition_answers" ADD CONSTRAINT "addition_answers_subscription_id_lower" CHECK ("addition_answers"."subscription_id" = lower("addition_answers"."subscription_id" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "confirmations" ADD CONSTRAINT "confirmations_subscription_id_lower" CHECK ("confirmations"."subscription_id" = lower("confirmations"."subscription_id" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "confirmations" ADD CONSTRAINT "confirmations_period_month" CHECK ("confirmations"."period" ~ '^\d{4}-(0[1-9]|1[0-2])$');--> statement-breakpoint
ALTER TABLE "confirmations" ADD CONSTRAINT "confirmations_question_known" CHECK ("confirmations"."question" IN ('late', 'guard'));--> statement-breakpoint
ALTER TABLE "former_mappings" ADD CONSTRAINT "former_mappings_motion_known" CHECK ("former_mappings"."motion" IN ('monthly'));--> statement-breakpoint
ALTER TABLE "former_mappings" ADD CONSTRAINT "former_mappings_first_period_month" CHECK ("former_mappings"."first_period" ~ '^\d{4}-(0[1-9]|1[0-2])$');--> statement-breakpoint
ALTER TABLE "former_mappings" ADD CONSTRAINT "former_mappings_last_period_month" CHECK ("former_mappings"."last_period" ~ '^\d{4}-(0[1-9]|1[0-2])$');--> statement-breakpoint
ALTER TABLE "mappings" ADD CONSTRAINT "mappings_motion_known" CHECK ("mappings"."motion" IN ('monthly'));--> statement-breakpoint
ALTER TABLE "mappings" ADD CONSTRAINT "mappings_first_period_month" CHECK ("mappings"."first_period" ~ '^\d{4}-(0[1-9]|1[0-2])$');--> statement-breakpoint
ALTER TABLE "mappings" ADD CONSTRAINT "mappings_begin_known" CHECK ("mappings"."begin" IN ('next', 'catch-up', 'elsewhere'));--> statement-breakpoint
ALTER TABLE "period_states" ADD CONSTRAINT "period_states_by" CHECK ((state = 'skipped') = (by IS NOT NULL));--> statement-breakpoint
ALTER TABLE "period_states" ADD CONSTRAINT "period_states_subscription_id_lower" CHECK ("period_states"."subscription_id" = lower("period_states"."subscription_id" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "period_states" ADD CONSTRAINT "period_states_period_month" CHECK ("period_states"."period" ~ '^\d{4}-(0[1-9]|1[0-2])$');--> statement-breakpoint
ALTER TABLE "period_states" ADD CONSTRAINT "period_states_state_known" CHECK ("period_states"."state" IN ('good', 'skipped'));--> statement-breakpoint
ALTER TABLE "subscription_starts" ADD CONSTRAINT "subscription_starts_subscription_id_lower" CHECK ("subscription_starts"."subscription_id" = lower("subscription_starts"."subscription_id" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "subscription_starts" ADD CONSTRAINT "subscription_starts_starts_month" CHECK ("subscription_starts"."starts" ~ '^\d{4}-(0[1-9]|1[0-2])$' OR "subscription_starts"."starts" IN ('next', 'catch-up', 'elsewhere'));--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD CONSTRAINT "waiting_subscriptions_ordinal_count" CHECK ("waiting_subscriptions"."ordinal" >= 0);--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD CONSTRAINT "waiting_subscriptions_period_month" CHECK ("waiting_subscriptions"."period" ~ '^\d{4}-(0[1-9]|1[0-2])$');--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD CONSTRAINT "waiting_subscriptions_subscription_id_lower" CHECK ("waiting_subscriptions"."subscription_id" = lower("waiting_subscriptions"."subscription_id" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "waiting_subscriptions" ADD CONSTRAINT "waiting_subscriptions_question_known" CHECK ("waiting_subscriptions"."question" IN ('late', 'first-sync', 'guard', 'billed', 'earlier'));--> statement-breakpoint
ALTER TABLE "pacing" ADD CONSTRAINT "pacing_connection_known" CHECK ("pacing"."connection" IN ('prism', 'connectwise'));--> statement-breakpoint
ALTER TABLE "throttled_hours" ADD CONSTRAINT "throttled_hours_connection_known" CHECK ("throttled_hours"."connection" IN ('prism', 'connectwise'));--> statement-breakpoint
ALTER TABLE "throttled_hours" ADD CONSTRAINT "throttled_hours_answers_count" CHECK ("throttled_hours"."answers" >= 0);--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_role_known" CHECK ("api_tokens"."role" IN ('owner', 'clerk', 'viewer'));--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_email_lower" CHECK ("invitations"."email" = lower("invitations"."email" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_role_known" CHECK ("invitations"."role" IN ('owner', 'clerk', 'viewer'));--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_email_lower" CHECK ("users"."email" = lower("users"."email" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_role_known" CHECK ("users"."role" IN ('owner', 'clerk', 'viewer'));--> statement-breakpoint
ALTER TABLE "invoice_bad_lines" ADD CONSTRAINT "invoice_bad_lines_row_ordinal" CHECK ("invoice_bad_lines"."row" >= 1);--> statement-breakpoint
ALTER TABLE "invoice_bad_lines" ADD CONSTRAINT "invoice_bad_lines_subscription_id_lower" CHECK ("invoice_bad_lines"."subscription_id" = lower("invoice_bad_lines"."subscription_id" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_days" CHECK (first_day <= last_day);--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_row_ordinal" CHECK ("invoice_lines"."row" >= 1);--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_period_month" CHECK ("invoice_lines"."period" ~ '^\d{4}-(0[1-9]|1[0-2])$');--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_subscription_id_lower" CHECK ("invoice_lines"."subscription_id" = lower("invoice_lines"."subscription_id" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_period_month" CHECK ("invoices"."period" ~ '^\d{4}-(0[1-9]|1[0-2])$');--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_state_known" CHECK ("invoices"."state" IN ('loading', 'loaded', 'ready', 'held', 'refused', 'unread', 'ignored', 'excluded', 'superseded'));--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_reason_code_known" CHECK ("invoices"."reason_code" IN ('other-program', 'other-agreement', 'unreadable', 'reissue', 'candidates', 'negative-line', 'out-of-month', 'no-lines', 'unplaced-line', 'not-given'));--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_row_ordinal" CHECK ("invoices"."row" >= 1);--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_line_count_count" CHECK ("invoices"."line_count" >= 0);--> statement-breakpoint
ALTER TABLE "line_claims" ADD CONSTRAINT "line_claims_subscription_id_lower" CHECK ("line_claims"."subscription_id" = lower("line_claims"."subscription_id" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "line_claims" ADD CONSTRAINT "line_claims_kind_known" CHECK ("line_claims"."kind" IN ('contested', 'learned'));--> statement-breakpoint
ALTER TABLE "line_owners" ADD CONSTRAINT "line_owners_subscription_id_lower" CHECK ("line_owners"."subscription_id" = lower("line_owners"."subscription_id" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "prism_set_aside" ADD CONSTRAINT "prism_set_aside_list_known" CHECK ("prism_set_aside"."list" IN ('contract-agreements', 'tenants', 'products', 'invoices'));--> statement-breakpoint
ALTER TABLE "prism_set_aside" ADD CONSTRAINT "prism_set_aside_at_count" CHECK ("prism_set_aside"."at" >= 0);--> statement-breakpoint
ALTER TABLE "prism_subscriptions" ADD CONSTRAINT "prism_subscriptions_id_lower" CHECK ("prism_subscriptions"."id" = lower("prism_subscriptions"."id" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "programs" ADD CONSTRAINT "programs_product_mode_known" CHECK ("programs"."product_mode" IN ('all', 'in-use'));--> statement-breakpoint
ALTER TABLE "programs" ADD CONSTRAINT "programs_first_sync_known" CHECK ("programs"."first_sync" IN ('next', 'catch-up', 'elsewhere'));--> statement-breakpoint
ALTER TABLE "subscription_tenants" ADD CONSTRAINT "subscription_tenants_subscription_id_lower" CHECK ("subscription_tenants"."subscription_id" = lower("subscription_tenants"."subscription_id" COLLATE "C"));--> statement-breakpoint
ALTER TABLE "tenant_aliases" ADD CONSTRAINT "tenant_aliases_kind_known" CHECK ("tenant_aliases"."kind" IN ('domain', 'name'));--> statement-breakpoint
ALTER TABLE "product_results" ADD CONSTRAINT "product_results_status_known" CHECK ("product_results"."status" IN ('No Change', 'Success', 'Warning', 'Error'));--> statement-breakpoint
ALTER TABLE "product_results" ADD CONSTRAINT "product_results_what_known" CHECK ("product_results"."what" IN ('created', 'updated', 'failed', 'noted'));--> statement-breakpoint
ALTER TABLE "run_items" ADD CONSTRAINT "run_items_periods" CHECK (first_period <= last_period);--> statement-breakpoint
ALTER TABLE "run_items" ADD CONSTRAINT "run_items_finished" CHECK (state <> 'finished' OR finished_at IS NOT NULL);--> statement-breakpoint
ALTER TABLE "run_items" ADD CONSTRAINT "run_items_state_known" CHECK ("run_items"."state" IN ('queued', 'running', 'finished'));--> statement-breakpoint
ALTER TABLE "run_items" ADD CONSTRAINT "run_items_status_known" CHECK ("run_items"."status" IN ('No Change', 'Success', 'Warning', 'Error'));--> statement-breakpoint
ALTER TABLE "run_items" ADD CONSTRAINT "run_items_first_period_month" CHECK ("run_items"."first_period" ~ '^\d{4}-(0[1-9]|1[0-2])$');--> statement-breakpoint
ALTER TABLE "run_items" ADD CONSTRAINT "run_items_last_period_month" CHECK ("run_items"."last_period" ~ '^\d{4}-(0[1-9]|1[0-2])$');--> statement-breakpoint
ALTER TABLE "run_items" ADD CONSTRAINT "run_items_changes_done_count" CHECK ("run_items"."changes_done" >= 0);--> statement-breakpoint
ALTER TABLE "run_items" ADD CONSTRAINT "run_items_changes_total_count" CHECK ("run_items"."changes_total" >= 0);--> statement-breakpoint
ALTER TABLE "run_periods" ADD CONSTRAINT "run_periods_end" CHECK (("end" IS NULL) = (ended_at IS NULL));--> statement-breakpoint
ALTER TABLE "run_periods" ADD CONSTRAINT "run_periods_period_month" CHECK ("run_periods"."period" ~ '^\d{4}-(0[1-9]|1[0-2])$');--> statement-breakpoint
ALTER TABLE "run_periods" ADD CONSTRAINT "run_periods_round_ordinal" CHECK ("run_periods"."round" >= 1);--> statement-breakpoint
ALTER TABLE "run_periods" ADD CONSTRAINT "run_periods_format_known" CHECK ("run_periods"."format" IN ('plan', 'outcome'));--> statement-breakpoint
ALTER TABLE "run_periods" ADD CONSTRAINT "run_periods_end_known" CHECK ("run_periods"."end" IN ('sent', 'settled', 'time', 'proved', 'stopped', 'unanswered', 'not-shown', 'not-proved'));--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_periods" CHECK (first_period <= last_period);--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_finished" CHECK (state <> 'finished' OR finished_at IS NOT NULL);--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_kind_known" CHECK ("runs"."kind" IN ('customers', 'products'));--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_trigger_known" CHECK ("runs"."trigger" IN ('schedule', 'hand', 'pod', 'api'));--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_state_known" CHECK ("runs"."state" IN ('queued', 'running', 'finished'));--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_status_known" CHECK ("runs"."status" IN ('No Change', 'Success', 'Warning', 'Error'));--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_looks_again_known" CHECK ("runs"."looks_again" IN ('hidden', 'shown'));--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_first_period_month" CHECK ("runs"."first_period" ~ '^\d{4}-(0[1-9]|1[0-2])$');--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_last_period_month" CHECK ("runs"."last_period" ~ '^\d{4}-(0[1-9]|1[0-2])$');--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_done_count" CHECK ("runs"."done" >= 0);--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_total_count" CHECK ("runs"."total" >= 0);--> statement-breakpoint
ALTER TABLE "shared_reads" ADD CONSTRAINT "shared_reads_kind_known" CHECK ("shared_reads"."kind" IN ('agreement', 'sku', 'item', 'run-skus'));--> statement-breakpoint
CREATE UNIQUE INDEX "changes_one_of_plan" ON "changes" USING btree ("organisation_id","run_id","agreement_id","period","round","position") WHERE round IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "unfit_spans_one_open" ON "unfit_spans" USING btree ("organisation_id","agreement_id") WHERE fit_again_at IS NULL;--> statement-breakpoint
CREATE INDEX "products_organisation_id_key" ON "products" USING btree ("organisation_id","program",lower(trim("product_id")));--> statement-breakpoint
CREATE INDEX "products_organisation_sku_key" ON "products" USING btree ("organisation_id","program",lower(trim("sku")));--> statement-breakpoint
CREATE INDEX "products_organisation_cut_name" ON "products" USING btree ("organisation_id","program",regexp_replace("name", ' \(NCE Product\)$', ''));--> statement-breakpoint
CREATE UNIQUE INDEX "runs_one_of_products" ON "runs" USING btree ("organisation_id","program") WHERE kind = 'products' AND state <> 'finished';--> statement-breakpoint
CREATE INDEX "runs_organisation_kind" ON "runs" USING btree ("organisation_id","program","kind","created_at");--> statement-breakpoint
CREATE INDEX "runs_organisation_success" ON "runs" USING btree ("organisation_id","program","kind","finished_at") WHERE state = 'finished' AND status IN ('No Change', 'Success');--> statement-breakpoint
CREATE INDEX "runs_organisation_unfinished" ON "runs" USING btree ("organisation_id","program") WHERE state <> 'finished';
