CREATE TABLE "idempotency_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"operation" text NOT NULL,
	"key" text NOT NULL,
	"input_hash" text NOT NULL,
	"result" text[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "users_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "benchmarks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"version" integer NOT NULL,
	"hash" text NOT NULL,
	"title" text NOT NULL,
	"protocol" jsonb NOT NULL,
	"current" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"benchmark_id" uuid NOT NULL,
	"claim" text NOT NULL,
	"division" text NOT NULL,
	"variant" jsonb NOT NULL,
	"variant_hash" text NOT NULL,
	"method_key" text,
	"method_version" integer,
	"params" jsonb NOT NULL,
	"label" text NOT NULL,
	"reference" text,
	"generation" integer DEFAULT 1 NOT NULL,
	"complete" boolean DEFAULT false NOT NULL,
	"unranked_reason" text,
	"withdrawn" boolean DEFAULT false NOT NULL,
	"edge" boolean DEFAULT false NOT NULL,
	"not_converged" boolean DEFAULT false NOT NULL,
	"shipped" boolean DEFAULT false NOT NULL,
	"wall_ms" double precision,
	"cpu_ms" double precision,
	"peak_bytes" double precision,
	"flops" double precision,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "summaries" (
	"entry_id" uuid NOT NULL,
	"score_key" text NOT NULL,
	"n" integer NOT NULL,
	"mean" double precision NOT NULL,
	"quantised" double precision NOT NULL,
	"deviation" double precision,
	"low" double precision,
	"high" double precision,
	CONSTRAINT "summaries_entry_id_score_key_pk" PRIMARY KEY("entry_id","score_key")
);
--> statement-breakpoint
CREATE TABLE "blobs" (
	"sha256" text PRIMARY KEY NOT NULL,
	"size" double precision NOT NULL,
	"kind" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"message" text NOT NULL,
	"actor_id" uuid,
	"benchmark_id" uuid,
	"entry_id" uuid,
	"run_id" uuid
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"token_id" uuid,
	"backends" text[] NOT NULL,
	"datasets" text[] NOT NULL,
	"memory_bytes" double precision NOT NULL,
	"capacity" integer NOT NULL,
	"code_version" text NOT NULL,
	"registry" jsonb NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"refusal" text
);
--> statement-breakpoint
CREATE TABLE "logs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"level" text NOT NULL,
	"line" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outcomes" (
	"run_id" uuid NOT NULL,
	"key" text NOT NULL,
	"units" integer NOT NULL,
	"blob" text NOT NULL,
	CONSTRAINT "outcomes_run_id_key_pk" PRIMARY KEY("run_id","key")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"entry_id" uuid NOT NULL,
	"user_id" uuid,
	"seed" integer NOT NULL,
	"generation" integer DEFAULT 1 NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"message" text,
	"attempt" integer DEFAULT 0 NOT NULL,
	"max_attempts" integer DEFAULT 3 NOT NULL,
	"cancel_requested" boolean DEFAULT false NOT NULL,
	"priority" integer DEFAULT 0 NOT NULL,
	"worker_id" uuid,
	"lease_until" timestamp (3) with time zone,
	"dispatched_at" timestamp (3) with time zone,
	"waiting_reason" text,
	"progress" jsonb,
	"receipt" jsonb,
	"receipt_digest" text,
	"convergence" text,
	"edge" boolean DEFAULT false NOT NULL,
	"shipped" boolean DEFAULT false NOT NULL,
	"rederived_equal" boolean,
	"wall_ms" double precision,
	"cpu_ms" double precision,
	"peak_bytes" double precision,
	"flops" double precision,
	"contended" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "scores" (
	"run_id" uuid NOT NULL,
	"key" text NOT NULL,
	"value" double precision NOT NULL,
	CONSTRAINT "scores_run_id_key_pk" PRIMARY KEY("run_id","key")
);
--> statement-breakpoint
CREATE TABLE "series_chunks" (
	"run_id" uuid NOT NULL,
	"key" text NOT NULL,
	"attempt" integer NOT NULL,
	"chunk" integer NOT NULL,
	"n" integer NOT NULL,
	"first_step" integer NOT NULL,
	"last_step" integer NOT NULL,
	"min" double precision NOT NULL,
	"max" double precision NOT NULL,
	"points" "bytea" NOT NULL,
	CONSTRAINT "series_chunks_run_id_key_attempt_chunk_pk" PRIMARY KEY("run_id","key","attempt","chunk")
);
--> statement-breakpoint
CREATE TABLE "tuning_records" (
	"benchmark_hash" text NOT NULL,
	"variant_hash" text NOT NULL,
	"record" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tuning_records_benchmark_hash_variant_hash_pk" PRIMARY KEY("benchmark_hash","variant_hash")
);
--> statement-breakpoint
CREATE TABLE "submission_runs" (
	"submission_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	CONSTRAINT "submission_runs_submission_id_run_id_pk" PRIMARY KEY("submission_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "submissions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"entry_id" uuid NOT NULL,
	"generation" integer NOT NULL,
	"input" jsonb NOT NULL,
	"note" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"withdrawn_at" timestamp (3) with time zone,
	"withdrawn_reason" text
);
--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "entries" ADD CONSTRAINT "entries_benchmark_id_benchmarks_id_fk" FOREIGN KEY ("benchmark_id") REFERENCES "public"."benchmarks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "summaries" ADD CONSTRAINT "summaries_entry_id_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."entries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_actor_id_users_id_fk" FOREIGN KEY ("actor_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_benchmark_id_benchmarks_id_fk" FOREIGN KEY ("benchmark_id") REFERENCES "public"."benchmarks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_entry_id_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."entries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "logs" ADD CONSTRAINT "logs_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outcomes" ADD CONSTRAINT "outcomes_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_entry_id_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."entries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scores" ADD CONSTRAINT "scores_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "series_chunks" ADD CONSTRAINT "series_chunks_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submission_runs" ADD CONSTRAINT "submission_runs_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submission_runs" ADD CONSTRAINT "submission_runs_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_entry_id_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."entries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "idempotency_user_operation_key" ON "idempotency_keys" USING btree ("user_id","operation","key");--> statement-breakpoint
CREATE UNIQUE INDEX "tokens_hash" ON "tokens" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "tokens_user" ON "tokens" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "benchmarks_key_version" ON "benchmarks" USING btree ("key","version");--> statement-breakpoint
CREATE UNIQUE INDEX "benchmarks_hash" ON "benchmarks" USING btree ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "entries_identity" ON "entries" USING btree ("benchmark_id","claim","division","variant_hash");--> statement-breakpoint
CREATE INDEX "entries_board" ON "entries" USING btree ("benchmark_id","division","claim");--> statement-breakpoint
CREATE INDEX "entries_method" ON "entries" USING btree ("method_key");--> statement-breakpoint
CREATE INDEX "summaries_board" ON "summaries" USING btree ("score_key","quantised");--> statement-breakpoint
CREATE INDEX "events_benchmark" ON "events" USING btree ("benchmark_id","id");--> statement-breakpoint
CREATE INDEX "events_entry" ON "events" USING btree ("entry_id","id");--> statement-breakpoint
CREATE INDEX "logs_run" ON "logs" USING btree ("run_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_identity" ON "runs" USING btree ("entry_id","seed","generation");--> statement-breakpoint
CREATE INDEX "runs_queue" ON "runs" USING btree ("state","priority","id");--> statement-breakpoint
CREATE INDEX "runs_user" ON "runs" USING btree ("user_id","state");--> statement-breakpoint
CREATE INDEX "runs_finished" ON "runs" USING btree ("finished_at");--> statement-breakpoint
CREATE INDEX "submission_runs_run" ON "submission_runs" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "submissions_user" ON "submissions" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "submissions_entry" ON "submissions" USING btree ("entry_id");